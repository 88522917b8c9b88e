import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStage, type Stage, TIME_LIMIT_MS } from './simulation/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test(
  'the notifier keeps its promises, when one thing goes wrong between what PostgreSQL did and its answer',
  async () => {
    const { stories, texts } = await stage.expectMomentsRight();
    expect(texts).toBeGreaterThanOrEqual(stories);
  },
  TIME_LIMIT_MS,
);
