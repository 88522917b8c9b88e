import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { notifierDatabase } from './notifier-database.ts';
import { examples } from './truth-model/examples.ts';
import { FAMILIES } from './truth-model/handset.ts';
import { histories, type History, wordsOf } from './truth-model/history.ts';
import { type Played, play } from './truth-model/play.ts';

/** The long form draws other histories each time: TRUTH_MODEL_RUNS=300, and TRUTH_MODEL_SEED to draw the same ones again. */
const given = process.env['TRUTH_MODEL_RUNS'];
const RUNS = Number(given ?? 20);
const SEED = Number(process.env['TRUTH_MODEL_SEED'] ?? (given === undefined ? 1 : Date.now() % 1_000_000));
/** A history takes half a second of a core, and the search for the smallest that fails a few minutes. */
const TIME_LIMIT_MS = RUNS * 3_000 + 300_000;

let database: Awaited<ReturnType<typeof notifierDatabase>>;
beforeAll(async () => {
  database = await notifierDatabase();
});
afterAll(() => database.close());

describe('what the handsets of a town hold, as a model', () => {
  test.each(Object.entries(examples))('where %s', async (_what, history) => {
    const { wrong, texts } = await play(database.db, history);
    expect({ wrong, texts: wrong.length > 0 ? texts : [] }).toEqual({ wrong: [], texts: [] });
  });

  test(
    'is what is true, whatever happens',
    async () => {
      const seen = { compared: 0, gaps: 0, families: new Set<string>() };
      const checked = await fc.check(
        fc.asyncProperty(histories, async (history) => {
          const played = await play(database.db, history);
          if (played.wrong.length > 0) throw new WrongHistory(history, played);
          seen.compared += played.compared;
          seen.gaps += played.gaps.length;
          for (const family of played.families) seen.families.add(family);
        }),
        { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: TIME_LIMIT_MS, endOnFailure: given === undefined },
      );
      if (checked.failed || checked.interrupted)
        throw new Error(
          `seed ${checked.seed}, path ${checked.counterexamplePath}, history ${checked.numRuns}\n${String(checked.errorInstance)}`,
        );
      expect([...seen.families].sort()).toEqual([...FAMILIES].sort());
      // What the model does not ask is said by name (standing.ts), and is the smaller part.
      expect(seen.compared).toBeGreaterThan(seen.gaps);
    },
    TIME_LIMIT_MS + 60_000,
  );
});

/** A history after which a handset holds what is not true, in words. */
class WrongHistory extends Error {
  constructor(history: History, { wrong, texts }: Played) {
    super([...wrong, wordsOf(history), '  texts:', ...texts.map((text) => `  ${text}`)].join('\n'));
  }
}
