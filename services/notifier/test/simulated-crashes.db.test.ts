import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStage, type Stage, TIME_LIMIT_MS } from './simulation/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test(
  'the notifier keeps its promises, whenever its process dies',
  async () => {
    const { stories, texts } = await stage.expectSeedsRight(['calm', 'crashes']);
    expect(texts).toBeGreaterThanOrEqual(stories);
  },
  TIME_LIMIT_MS,
);
