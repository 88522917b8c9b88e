import { notifierDatabase } from '../notifier-database.ts';
import { type Played, play } from './play.ts';
import { prepareDatabase } from './prepare-database.ts';
import { openSessions } from './sessions.ts';
import { smallest } from './smallest.ts';
import { type Kind, kinds, type Story, storyOf, tell } from './story.ts';

/** The long form: SIMULATION_SEEDS=20000, and SIMULATION_FIRST_SEED to begin elsewhere, or to play one seed again. */
const given = process.env['SIMULATION_SEEDS'];
const SEEDS = Number(given ?? 500);
const FIRST_SEED = Number(process.env['SIMULATION_FIRST_SEED'] ?? 1);
export const isLongForm = given !== undefined;
/** A story takes half a second of a core, some ten where texts stay in doubt; the search for the smallest that fails takes a few minutes. */
export const TIME_LIMIT_MS = SEEDS * 20_000 + 600_000;
const SEARCH = { plays: 150, realMs: 180_000 };
const realNow = performance.now.bind(performance);

/** A database on which one story after the other is played. */
export type Stage = {
  play(story: Story): Promise<Played>;
  /** Plays a story, and fails in words with the smallest one that goes wrong likewise. */
  expectRight(story: Story): Promise<Played>;
  /** Plays all seeds of some kinds. @returns how much was seen. */
  expectSeedsRight(of: readonly Kind[]): Promise<{ readonly stories: number; readonly texts: number }>;
  close(): Promise<void>;
};

export async function openStage(): Promise<Stage> {
  const own = await notifierDatabase();
  await prepareDatabase(own.db);
  const sessions = openSessions(own.db);
  const playIt = (story: Story): Promise<Played> => play(own.db, sessions, story);
  const fails = (story: Story): Promise<boolean> =>
    playIt(story).then(
      ({ wrong }) => wrong.length > 0,
      () => true,
    );
  async function expectRight(story: Story): Promise<Played> {
    const played = await playIt(story).catch((error: unknown) => error as Error);
    if (!(played instanceof Error) && played.wrong.length === 0) return played;
    const endsAt = realNow() + SEARCH.realMs;
    const least = await smallest(story, fails, () => realNow() < endsAt, SEARCH.plays);
    const again = await playIt(least).catch((error: unknown) => error as Error);
    const what = again instanceof Error ? [again.stack ?? String(again)] : [...again.wrong, ...again.texts];
    throw new Error([tell(story), 'the smallest:', tell(least), ...what, JSON.stringify(least)].join('\n'));
  }
  return {
    play: playIt,
    expectRight,
    async expectSeedsRight(of) {
      const seen = { stories: 0, texts: 0 };
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
        if (!of.includes(kinds[seed % kinds.length] as Kind)) continue;
        const { texts } = await expectRight(storyOf(seed));
        seen.stories += 1;
        seen.texts += texts.length;
        if (isLongForm && seen.stories % 100 === 0) process.stderr.write(`seed ${seed}: ${JSON.stringify(seen)}\n`);
      }
      return seen;
    },
    async close() {
      await sessions.close();
      await own.close();
    },
  };
}
