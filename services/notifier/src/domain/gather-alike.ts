/** Something of a run. */
type OfRun = { readonly runId: string };

/**
 * Gathers what is alike, in the order in which it came first. What `isAlike` takes for alike is of one run. A key made of all that has to be equal
 * would cost a string for each of a million receipts; few kinds come at once of a run, and mostly the same as the one before.
 */
export function gatherAlike<T extends OfRun>(items: readonly T[], isAlike: (one: T, other: T) => boolean): T[][] {
  const byRun = new Map<string, T[][]>();
  const all: T[][] = [];
  let latest: readonly [first: T, group: T[]] | null = null;
  for (const item of items) {
    if (latest?.[0].runId === item.runId && isAlike(latest[0], item)) {
      latest[1].push(item);
      continue;
    }
    const ofRun: T[][] = byRun.get(item.runId) ?? [];
    let group: T[] | undefined = ofRun.find(([first]) => first !== undefined && isAlike(first, item));
    if (group === undefined) {
      group = [];
      ofRun.push(group);
      all.push(group);
      byRun.set(item.runId, ofRun);
    }
    group.push(item);
    latest = [item, group];
  }
  return all;
}
