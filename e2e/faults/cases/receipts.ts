import { until } from '@bijli/testing/until';
import { call } from '../../started-system.ts';
import { exactly, type FaultCase, sumUp } from '../fault-case.ts';
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
    let counted: Parts = { accepted: 0, delivered: 0 };
    await until(
      async () => {
        counted = await partsOf(system, story);
        return counted.delivered > 0 && counted.delivered >= counted.accepted;
      },
      { deadlineMs: COUNTED_MS, describe: 'every receipt to be counted' },
    ).catch(() => undefined);
    await behave(system, {});
    return sumUp([
      { what: `${counted.accepted} parts accepted by it (at least ${texts})`, isSo: counted.accepted >= texts },
      exactly('parts delivered by the API', counted.delivered, counted.accepted),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};

/** What the API counts of parts: what the SMSC took, and what it says it delivered. */
type Parts = { readonly accepted: number; readonly delivered: number };

async function partsOf(system: FaultSystem, { id, version }: Story): Promise<Parts> {
  const url = `${system.urlOf('notifier')}/v1/runs?outageId=${id}`;
  const { runs } = await call<{ runs: { revision: number; counts: { parts: Parts } }[] }>('GET', url);
  return runs.find(({ revision }) => revision === version)?.counts.parts ?? { accepted: 0, delivered: 0 };
}
