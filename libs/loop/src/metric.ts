/** A value of a metric, with the labels that tell it from others of its name: never an id, nothing personal. */
export type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

/**
 * One metric as it stands at /metrics, with what it counts in a sentence. A name that ends in `_total` is a counter since the start of
 * the process; every other is a gauge.
 */
export type Metric = { readonly name: `bijli_${string}`; readonly help: string; readonly samples: readonly Sample[] };

/** Makes a metric that has one value and no labels. */
export function metric(name: Metric['name'], help: string, value: number): Metric {
  return { name, help, samples: [{ value }] };
}
