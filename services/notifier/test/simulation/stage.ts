import { notifierDatabase } from '../notifier-database.ts';
import { momentStory } from './moments.ts';
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

/** How many stories were played, and how many texts came to a handset in them. */
type Seen = { readonly stories: number; readonly texts: number };
/** Moments are small stories: so many of a hundred seeds have one. */
const MOMENTS_OF_HUNDRED = 40;

/** A database on which one story after the other is played. */
export type Stage = {
  play(story: Story): Promise<Played>;
  /** Plays a story, and fails in words with the smallest one that goes wrong likewise. */
  expectRight(story: Story): Promise<Played>;
  /** Plays all seeds of some kinds. @returns how much was seen. */
  expectSeedsRight(of: readonly Kind[]): Promise<Seen>;
  /** Plays the stories in which one thing goes wrong at one moment, of fewer seeds. */
  expectMomentsRight(): Promise<Seen>;
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
  async function expectAllRight(seeds: number, storyOfSeed: (seed: number) => Story | null): Promise<Seen> {
    const seen = { stories: 0, texts: 0 };
    for (let seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed += 1) {
      const story = storyOfSeed(seed);
      if (story === null) continue;
      const { texts } = await expectRight(story);
      seen.stories += 1;
      seen.texts += texts.length;
      if (isLongForm && seen.stories % 100 === 0) process.stderr.write(`seed ${seed}: ${JSON.stringify(seen)}\n`);
    }
    return seen;
  }
  return {
    play: playIt,
    expectRight,
    expectSeedsRight: (of) =>
      expectAllRight(SEEDS, (seed) => (of.includes(kinds[seed % kinds.length] as Kind) ? storyOf(seed) : null)),
    expectMomentsRight: () => expectAllRight(Math.ceil((SEEDS * MOMENTS_OF_HUNDRED) / 100), momentStory),
    async close() {
      await sessions.close();
      await own.close();
    },
  };
}
