/**
 * What a pure decision gives: the new state with the events that tell of it, or the literal code of its refusal.
 * An anticipated refusal is a value; only bugs and infrastructure throw.
 */
export type Decision<S, E, R extends string> =
  | { readonly accepted: true; readonly state: S; readonly events: readonly E[] }
  | { readonly accepted: false; readonly code: R };

/** Accepts a command: the state after it and its events, none where nothing changed. */
export function accept<S, E>(state: S, events: readonly E[]): Decision<S, E, never> {
  return {
    accepted: true,
    state,
    events,
  };
}

/** Refuses a command by a literal code that the edge maps to an answer. */
export function reject<R extends string>(code: R): Decision<never, never, R> {
  return { accepted: false, code };
}
