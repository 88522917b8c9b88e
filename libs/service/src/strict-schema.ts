import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/**
 * Throws where a query or body schema lets unknown fields pass: a misspelt optional field would otherwise
 * be silently ignored. A programmer's mistake, found when the service starts.
 */
export function assertStrict({ method, path, schemas }: Endpoint): void {
  for (const root of ['query', 'body'] as const) {
    const loose = schemas[root] === undefined ? null : firstLoose(schemas[root], root);
    if (loose !== null) throw new Error(`${method} ${path}: ${loose} lets unknown fields pass; use z.strictObject`);
  }
}

function firstLoose(schema: z.core.$ZodType, at: string): string | null {
  if (schema instanceof z.ZodObject) {
    if (!(schema.def.catchall instanceof z.ZodNever)) return at;
    return firstOf(Object.entries(schema.shape), ([key, member]) =>
      firstLoose(member as z.core.$ZodType, `${at}.${key}`),
    );
  }
  if (schema instanceof z.ZodArray) return firstLoose(schema.element, `${at}[]`);
  if (schema instanceof z.ZodUnion) return firstOf(schema.options, (option) => firstLoose(option, at));
  if (schema instanceof z.ZodPipe) return firstLoose(schema.in, at);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return firstLoose(schema.unwrap() as z.core.$ZodType, at);
  return null;
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
