import type { Endpoint } from './endpoint.ts';

/** Endpoints that belong together, for a reader and for the classes of a generated client. */
export type ApiTag = {
  readonly name: string;
  readonly description: string;
  /** An endpoint belongs to the tag that names its path or the beginning of it: `/v1/runs` has `/v1/runs/{id}/release`, too. */
  readonly paths: readonly string[];
};

/** What the OpenAPI document says of a service as a whole; the description is CommonMark. */
export type ApiDescription = {
  readonly title: string;
  readonly description: string;
  readonly tags: readonly ApiTag[];
};

/** Gives the tag of an endpoint. @throws where none names its path: a programmer's mistake, found when the service starts. */
export function tagOf({ tags }: ApiDescription, { method, path }: Endpoint): string {
  const tag = tags.find(({ paths }) => paths.some((each) => path === each || path.startsWith(`${each}/`)));
  if (tag === undefined)
    throw new Error(`${method} ${path}: no tag of the service's api-description.ts names its path`);
  return tag.name;
}
