import { publishedVersions } from './generated/published-versions.ts';
import type { PublishedSchema } from './published-schema.ts';

/** Gives every published schema in the order of their ids; what a schema registry would answer. */
export function publishedSchemas(): readonly PublishedSchema[] {
  return publishedVersions;
}
