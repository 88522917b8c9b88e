const pauseMs = 20;
const usualDeadlineMs = 30_000;

/** How long to wait, and for what. */
export type UntilOptions = {
  /** After this many milliseconds the wait fails. */
  readonly deadlineMs?: number;
  /** Completes "gave up waiting for …". A function is asked at the end, so it can tell what was seen last. */
  readonly describe: string | (() => string);
  /** Says why what is awaited cannot happen any more, so that nobody waits for the deadline. */
  readonly hopeless?: () => string | undefined;
};

/**
 * Waits until a condition holds, asking again and again, so that a test waits for outcomes and never for time.
 * @returns the first truthy answer.
 * @throws when the deadline passes, saying what was awaited and what was answered last; what the condition throws counts as "not yet"
 * and is the cause.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = usualDeadlineMs, describe, hopeless = () => undefined }: UntilOptions,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask(condition);
    if (answer.value) return answer.value;
    const why = hopeless();
    if (why !== undefined) throw new Error(`gave up waiting for ${textOf(describe)}: ${why}`, { cause: answer.thrown });
    if (performance.now() >= deadline) throw gaveUp(describe, deadlineMs, answer);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

type Answer<T> = { readonly value?: T; readonly thrown?: unknown };

async function ask<T>(condition: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await condition() };
  } catch (thrown) {
    return { thrown };
  }
}

function gaveUp(describe: UntilOptions['describe'], deadlineMs: number, answer: Answer<unknown>): Error {
  const seen = 'thrown' in answer ? `it threw ${String(answer.thrown)}` : `the answer was ${String(answer.value)}`;
  return new Error(`gave up waiting for ${textOf(describe)} after ${deadlineMs} ms: ${seen}`, { cause: answer.thrown });
}

const textOf = (describe: UntilOptions['describe']): string => (typeof describe === 'string' ? describe : describe());
