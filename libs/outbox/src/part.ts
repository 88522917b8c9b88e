/** Fit or not, and why in a few words for an operator. */
export type Readiness = { readonly ok: boolean; readonly detail?: string };

/** The shape libs/service runs. Stated here as well because this library must not import that one. */
export type Part = {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  ready(): Readiness;
  alive(): Readiness;
  metrics(): Promise<Record<string, number>>;
};
