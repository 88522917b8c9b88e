import { randomUUID } from 'node:crypto';
import { until } from '@bijli/testing/until';
import { call } from '../../started-system.ts';
import { exactly, type FaultCase, sumUp } from '../fault-case.ts';
import { endStory, judgeTold } from '../judge.ts';
import { countOf } from '../ledger.ts';
import { restoreEverything } from '../restore.ts';
import { goDark, untilOver, untilServes } from '../story.ts';
import { D, type FaultSystem, type ServiceName } from '../system.ts';
import { paymentOf, postUntilAnswered } from '../writes.ts';

/**
 * Ends a service and starts it with one failpoint that kills it once, and waits until it serves. @returns what waits until that has
 * happened: once, and by what is done after this.
 */
async function arm(system: FaultSystem, name: ServiceName, failpoint: string): Promise<() => Promise<void>> {
  const kept = system.processOf(name);
  const armed = kept.starts() + 1;
  await kept.startWith({ FAILPOINTS: `${failpoint}=kill@1` }, 1);
  await untilServes(system, name);
  if (kept.starts() !== armed) throw new Error(`${failpoint} killed ${name} before anything was said`);
  return async () => {
    await until(() => kept.starts() > armed, {
      deadlineMs: 60_000,
      describe: `the failpoint ${failpoint} to kill ${name}`,
    });
  };
}

const inRun = (failpoint: string, name: ServiceName): FaultCase => ({
  name: `${name} killed at the failpoint ${failpoint}, once in a run`,
  promise: 'P1, P2, P3, P4',
  isQuick: false,
  play: async (system) => {
    // What an earlier case left to be sent would set it off before the run.
    await restoreEverything(system);
    const untilKilled = await arm(system, name, failpoint);
    const story = await goDark(system);
    await untilKilled();
    await untilOver(system, story);
    return sumUp([...(await judgeTold(system, story, { repeats: D, doubts: D })), ...(await endStory(system, story))]);
  },
});

/** A number changed while the transaction that changes it is killed before its commit: the repeat changes it once. */
const numberChange: FaultCase = {
  name: 'consumer-registry killed at the failpoint number-change.before-commit',
  promise: 'P1, P2, P17',
  isQuick: false,
  play: async (system) => {
    const untilKilled = await arm(system, 'consumer-registry', 'number-change.before-commit');
    const account = system.connections.findLast(({ state }) => state === 'closed')?.['account_number'] ?? '';
    const url = `${system.urlOf('consumer-registry')}/v1/connections/${account}/contacts/1/mobile-number`;
    const body = { mobileNumber: '7389999999', source: 'je', changedBy: 'faults-2' };
    await until(() => call('PUT', url, body), { deadlineMs: 60_000, describe: 'the change to be taken' });
    await untilKilled();
    const { isChanged } = await call<{ isChanged: boolean }>('PUT', url, body);
    const kept = `select count(*)::int as n from contact_history where changed_by = $1 and what = 'mobile-number'`;
    return sumUp([
      exactly('changes kept', await countOf(system.database('consumer-registry'), kept, [body.changedBy]), 1),
      exactly('changes by the repeat', Number(isChanged), 0),
    ]);
  },
};

/** An event of the outbox that was acknowledged by Kafka and not marked goes out again: heard once. */
const relayAcknowledged: FaultCase = {
  name: 'billing killed at the failpoint relay.acked, between the answer of Kafka and its mark',
  promise: 'P1, P2',
  isQuick: false,
  play: async (system) => {
    const untilKilled = await arm(system, 'billing', 'relay.acked');
    const mark = system.smsc.mark();
    const { reference, ...payment } = paymentOf(system, 0);
    await postUntilAnswered({ ...payment, key: randomUUID() });
    await untilKilled();
    await untilServes(system, 'billing');
    const texts = () => system.smsc.since(mark).filter(({ family }) => family === 'payment');
    await until(() => texts().length > 0, { deadlineMs: 60_000, describe: `the text of ${reference}` });
    return sumUp([exactly('texts of the payment', texts().length, 1)]);
  },
};

export const failpoints: readonly FaultCase[] = [
  inRun('dispatch.before-write-ahead', 'notifier'),
  inRun('dispatch.after-write-ahead', 'notifier'),
  inRun('outcomes.before-commit', 'notifier'),
  inRun('outcomes.after-commit', 'notifier'),
  inRun('inbox.applied', 'notifier'),
  inRun('inbox.committed', 'notifier'),
  inRun('relay.acked', 'outage'),
  relayAcknowledged,
  numberChange,
];
