import type { WatchedComponent } from '@bijli/loop';

/** The metrics of a part as one record: its name, and the values of its labels after it. */
export async function readingsOf(part: WatchedComponent): Promise<Record<string, number>> {
  const metrics = await part.metrics();
  return Object.fromEntries(
    metrics.flatMap(({ name, samples }) =>
      samples.map(({ labels = {}, value }) => [[name, ...Object.values(labels)].join(' '), value]),
    ),
  );
}
