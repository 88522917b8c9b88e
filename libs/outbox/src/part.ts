/** Fit or not, and why in a few words for an operator. */
export type Readiness = { readonly ok: boolean; readonly detail?: string };

/** A metric as it stands at /metrics; one whose name ends in `_total` only goes up. */
export type Metric = {
  readonly name: `bijli_${string}`;
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
};

/** The shape libs/service runs. Stated here as well because this library must not import that one. */
export type Part = {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  ready(): Readiness;
  alive(): Readiness;
  metrics(): Promise<readonly Metric[]>;
};
