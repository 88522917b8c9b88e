import type { Fault, Story } from './story.ts';

/** Each story that leaves one thing out, the largest things first. */
function* smallerThan(story: Story): Generator<Story> {
  const { history, faults } = story;
  const without = <T>(each: readonly T[], n: number): T[] => each.filter((_, at) => at !== n);
  if (story.replicas > 1) yield { ...story, replicas: story.replicas - 1 };
  for (const n of faults.keys()) yield { ...story, faults: without(faults, n) };
  for (const n of history.steps.keys())
    yield {
      ...story,
      history: { ...history, steps: without(history.steps, n) },
      faults: faults.map((fault): Fault => ({ ...fault, afterStep: fault.afterStep - (fault.afterStep > n ? 1 : 0) })),
    };
  for (const n of history.homes.keys()) yield { ...story, history: { ...history, homes: without(history.homes, n) } };
}

/** Leaves out of a story what it fails without, while there is time, in so many plays at most. */
export async function smallest(
  story: Story,
  fails: (story: Story) => Promise<boolean>,
  hasTime: () => boolean,
  mostPlays: number,
): Promise<Story> {
  let known = story;
  let plays = 0;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const one of smallerThan(known)) {
      if (plays >= mostPlays || !hasTime()) return known;
      plays += 1;
      if (!(await fails(one))) continue;
      known = one;
      isSmaller = true;
      break;
    }
  }
  return known;
}
