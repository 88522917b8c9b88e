import { until } from '@bijli/testing/until';
import { call } from '../../started-system.ts';
import { exactly, type FaultCase, sumUp, told } from '../fault-case.ts';
import { endStory, judgeTold } from '../judge.ts';
import { timesByMobile } from '../smsc-log.ts';
import { behave, goDark, type Story, textsOf, untilOver } from '../story.ts';
import type { FaultSystem } from '../system.ts';

/** Before the answer, twice, followed by a weaker one, late: each of many receipts. */
const ODD = { earlyReceiptRate: 0.3, repeatedReceiptRate: 0.2, weakerReceiptRate: 0.3, lateReceiptRate: 0.2 };
const COUNTED_MS = 60_000;

export const oddReceipts: FaultCase = {
  name: 'receipts before the answer, twice, late, and followed by a weaker one, all at once',
  promise: 'P3, P13: each text is delivered once',
  isQuick: false,
  play: async (system) => {
    await behave(system, ODD);
    const story = await goDark(system);
    await untilOver(system, story);
    const texts = timesByMobile(textsOf(system, story, 'unplanned')).size;
    let counted: Counts = {};
    await until(
      async () => {
        counted = await countsOf(system, story);
        return (counted['delivered'] ?? 0) >= texts;
      },
      { deadlineMs: COUNTED_MS, describe: 'every receipt to be counted' },
    ).catch(() => undefined);
    await behave(system, {});
    return sumUp([
      told(`counted: ${JSON.stringify(counted)}`),
      exactly('delivered by the API', counted['delivered'] ?? 0, texts),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};

type Counts = Readonly<Record<string, number>>;

async function countsOf(system: FaultSystem, { id, version }: Story): Promise<Counts> {
  const url = `${system.urlOf('notifier')}/v1/runs?outageId=${id}`;
  const { runs } = await call<{ runs: { revision: number; counts: Counts }[] }>('GET', url);
  return runs.find(({ revision }) => revision === version)?.counts ?? {};
}
