import type { Responses } from './endpoint.ts';

/** A refusal as a client sees it: its status, the literal to switch on, and what is wrong in words. */
export type DescribedRefusal = { readonly status: number; readonly code: string; readonly words: string };

/** Describes refusals as answers of the OpenAPI document: one for each status, naming every code with its words. */
export function refusalResponses(refusals: readonly DescribedRefusal[]): Responses {
  const statuses = Map.groupBy(refusals, ({ status }) => status);
  return Object.fromEntries(
    [...statuses].map(([status, each]) => [
      status,
      { description: each.map(({ code, words }) => `\`${code}\`: ${words}`).join('. ') },
    ]),
  );
}
