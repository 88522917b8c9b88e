import { atMost, exactly, type FaultCase, sumUp } from '../fault-case.ts';
import { endStory, judgeTold } from '../judge.ts';
import { firstAfter, goDark, textsOf, untilOver, untilTold } from '../story.ts';
import { D, services } from '../system.ts';
import { postPayments, stillMissing } from '../writes.ts';

const RESUMED_MS = 60_000; // P8, of Kafka, the slowest
const PAYMENTS = 60;

/** The simulator lives on: it is not ours, and its log is what is judged by. */
export const powerCut: FaultCase = {
  name: 'kill -9 of PostgreSQL, Kafka and every service at once, in a run',
  promise: 'P1, P3, P4, P8, P17',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.3);
    const payments = await postPayments(system, PAYMENTS);
    const at = Date.now();
    const all = [...services, 'kafka', 'postgres'] as const;
    await Promise.all(all.map((name) => system.processOf(name).end('SIGKILL')));
    await untilOver(system, story);
    return sumUp([
      exactly(`of ${PAYMENTS} payments answered`, payments.filter(({ status }) => status === 201).length, PAYMENTS),
      exactly('answered and not in the ledger', await stillMissing(system, payments), 0),
      atMost('until texts left again', firstAfter(textsOf(system, story, 'unplanned'), at), RESUMED_MS, ' ms'),
      ...(await judgeTold(system, story, { repeats: D, doubts: D })),
      ...(await endStory(system, story)),
    ]);
  },
};
