import { types } from 'node:util';
import type { Component, Readiness } from '@bijli/loop';

/** A component that does not answer by then is not fit. */
const ANSWER_WITHIN_MS = 2_000;

/** The answer of a health page: fit as a whole, and each component by its name. */
export type Health = { readonly ok: boolean; readonly parts: Readonly<Record<string, Readiness>> };

/** Asks every component whether it can work now. */
export function readiness(components: readonly Component[]): Promise<Health> {
  return ask(components, (component) => component.ready?.());
}

/** Asks every component whether it makes progress; those that do not say are taken to. */
export function liveness(components: readonly Component[]): Promise<Health> {
  return ask(components, (component) => component.alive?.());
}

async function ask(
  components: readonly Component[],
  question: (component: Component) => Readiness | Promise<Readiness> | undefined,
): Promise<Health> {
  const answers = await Promise.all(
    components.map(
      async (component) =>
        [component.name, await answerOf(async () => (await question(component)) ?? { ok: true })] as const,
    ),
  );
  return { ok: answers.every(([, answer]) => answer.ok), parts: Object.fromEntries(answers) };
}

async function answerOf(question: () => Promise<Readiness>): Promise<Readiness> {
  const { promise, resolve } = Promise.withResolvers<Readiness>();
  const timer = setTimeout(resolve, ANSWER_WITHIN_MS, { ok: false, detail: `no answer in ${ANSWER_WITHIN_MS} ms` });
  try {
    return await Promise.race([question(), promise]);
  } catch (error) {
    return { ok: false, detail: nameOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Class and code only: a driver's text may carry an address or a value. */
function nameOf(error: unknown): string {
  if (!types.isNativeError(error)) return 'failed';
  const { name, code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? `${name} ${code}` : name;
}
