import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notifierDatabase } from './notifier-database.ts';
import { kept } from './simulation/kept.ts';
import { type Played, play } from './simulation/play.ts';
import { prepareDatabase } from './simulation/prepare-database.ts';
import { openSessions, type Sessions } from './simulation/sessions.ts';
import { smallest } from './simulation/smallest.ts';
import { deathStory, type Story, storyOf, tell } from './simulation/story.ts';

/** The long form: SIMULATION_SEEDS=20000, and SIMULATION_FIRST_SEED to begin elsewhere, or to play one seed again. */
const given = process.env['SIMULATION_SEEDS'];
const SEEDS = Number(given ?? 16);
const FIRST_SEED = Number(process.env['SIMULATION_FIRST_SEED'] ?? 1);
/** A process dies at each of its moments in the long form, at some of them else. */
const STRIDE = given === undefined ? 9 : 1;
const MOST_PLAYS = 150;
/** A story takes a second of a core, more where texts stay in doubt. */
const TIME_LIMIT_MS = SEEDS * 20_000 + 600_000;

let own: Awaited<ReturnType<typeof notifierDatabase>>;
let sessions: Sessions;
beforeAll(async () => {
  own = await notifierDatabase();
  await prepareDatabase(own.db);
  sessions = openSessions(own.db);
});
afterAll(async () => {
  await sessions.close();
  await own.close();
});

const playIt = (story: Story): Promise<Played> => play(own.db, sessions, story);
const fails = (story: Story): Promise<boolean> =>
  playIt(story).then(
    ({ wrong }) => wrong.length > 0,
    () => true,
  );
/** Fails in words with the smallest story that goes wrong likewise. */
async function expectRight(story: Story): Promise<Played> {
  const played = await playIt(story).catch((error: unknown) => error as Error);
  if (!(played instanceof Error) && played.wrong.length === 0) return played;
  const least = await smallest(story, fails, MOST_PLAYS);
  const again = await playIt(least).catch((error: unknown) => error as Error);
  const what = again instanceof Error ? [again.stack ?? String(again)] : [...again.wrong, ...again.texts];
  throw new Error([tell(story), 'the smallest:', tell(least), ...what, JSON.stringify(least)].join('\n'));
}

describe('the notifier from plan to close, on a clock of its own', () => {
  test.each(Object.entries(kept))('goes right where %s', (_what, story) => expectRight(story).then(() => undefined));

  test('says the same again when a seed is played again', async () => {
    const told = ({ wrong, texts, compared }: Played) => ({ wrong, texts, compared });
    const [one, other] = [await playIt(storyOf(5)), await playIt(storyOf(5))];
    expect(told(other)).toEqual(told(one));
  });

  test(
    'goes on after a process died, wherever it died',
    async () => {
      const { moments } = await playIt(deathStory(null));
      for (let at = 0; at < moments; at += STRIDE) await expectRight(deathStory(at));
      expect(moments).toBeGreaterThan(100);
    },
    TIME_LIMIT_MS,
  );

  test(
    'keeps its promises, whatever happens',
    async () => {
      const seen = { compared: 0, texts: 0 };
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
        const { compared, texts } = await expectRight(storyOf(seed));
        seen.compared += compared;
        seen.texts += texts.length;
        if (given !== undefined && seed % 100 === 0) process.stderr.write(`seed ${seed}: ${JSON.stringify(seen)}\n`);
      }
      expect(seen.texts).toBeGreaterThan(SEEDS);
    },
    TIME_LIMIT_MS,
  );
});
