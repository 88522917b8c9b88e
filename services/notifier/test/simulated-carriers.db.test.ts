import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStage, type Stage, TIME_LIMIT_MS } from './simulation/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test(
  'the notifier keeps its promises, whatever the provider does, and when everything happens at once',
  async () => {
    const { stories, texts } = await stage.expectSeedsRight(['carrier', 'storm']);
    expect(texts).toBeGreaterThanOrEqual(stories);
  },
  TIME_LIMIT_MS,
);
