import { until } from '@bijli/testing';
import { expect } from '@jest/globals';
import type { ExpectedText } from './independent/texts.ts';
import { call } from './started-system.ts';

type Text = Pick<ExpectedText, 'mobile' | 'text'>;

/** What the handsets got since an instant, as the simulator shows it. */
async function textsSince(simulator: string, since: string): Promise<Text[]> {
  const { messages } = await call<{ messages: { to: string; text: string; isComplete: boolean }[] }>(
    'GET',
    `${simulator}/v1/messages?limit=1000&since=${since}`,
  );
  return messages.filter(({ isComplete }) => isComplete).map(({ to, text }) => ({ mobile: to.slice(2), text }));
}

/** Waits until the handsets got as many texts as must arrive, and compares each with its own. */
export async function expectTold(simulator: string, since: string, expected: readonly ExpectedText[]): Promise<void> {
  const byMobile = (a: Text, b: Text) => (a.mobile < b.mobile ? -1 : 1);
  const told = await until(
    async () => {
      const texts = await textsSince(simulator, since);
      return texts.length >= expected.length ? texts : undefined;
    },
    { deadlineMs: 60_000, describe: `${expected.length} texts` },
  );
  expect(told.sort(byMobile)).toEqual(expected.map(({ mobile, text }) => ({ mobile, text })).sort(byMobile));
}
