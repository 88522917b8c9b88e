import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { kept } from './simulation/kept.ts';
import { isLongForm, openStage, type Stage, TIME_LIMIT_MS } from './simulation/stage.ts';
import { deathStory, storyOf } from './simulation/story.ts';

/** A process dies at each of its moments in the long form, at some of them else. */
const STRIDE = isLongForm ? 1 : 9;
/** One of each kind. */
const PLAYED_AGAIN = [24, 25, 26, 27, 28, 29];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe('the notifier from plan to close, on a clock of its own', () => {
  test.each(Object.entries(kept))(
    'goes right where %s',
    (_what, story) => stage.expectRight(story).then(() => undefined),
    TIME_LIMIT_MS,
  );

  test(
    'takes the same steps again when a seed is played again, whatever was played before',
    async () => {
      const playAll = async () => {
        const trails: string[] = [];
        for (const seed of PLAYED_AGAIN) trails.push(...(await stage.play(storyOf(seed))).trail);
        return trails;
      };
      const first = await playAll();
      const again = await playAll();
      const differing = first.findIndex((what, n) => again[n] !== what);
      expect({ differing, first: first[differing], again: again[differing] }).toEqual({ differing: -1 });
      expect(again).toHaveLength(first.length);
    },
    TIME_LIMIT_MS,
  );

  test(
    'goes on after a process died, wherever it died',
    async () => {
      const { moments } = await stage.play(deathStory(null));
      for (let at = 0; at < moments; at += STRIDE) await stage.expectRight(deathStory(at));
      expect(moments).toBeGreaterThan(100);
    },
    TIME_LIMIT_MS,
  );
});
