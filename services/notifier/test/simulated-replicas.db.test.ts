import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStage, type Stage, TIME_LIMIT_MS } from './simulation/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test(
  'the notifier keeps its promises, with several replicas that die, stand still and have clocks of their own',
  async () => {
    const { stories, texts } = await stage.expectSeedsRight(['replicas', 'clocks']);
    expect(texts).toBeGreaterThanOrEqual(stories);
  },
  TIME_LIMIT_MS,
);
