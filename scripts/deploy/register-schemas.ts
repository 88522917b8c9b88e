import type { PublishedSchema } from '@bijli/events';

/** Asks a registry: method, path, and a body that is sent as JSON; answers the parsed answer, and throws on anything but 200. */
export type AskRegistry = (method: string, path: string, body?: object) => Promise<unknown>;

/**
 * Registers the published schemas over the Confluent API, in the order of their ids: a registry that is empty counts them from 1 as we do,
 * and answers the old id to whoever comes again. Answers how many there are.
 * @throws when the registry knows a schema under another id than the records carry: somebody else wrote to it before.
 */
export async function registerSchemas(ask: AskRegistry, published: readonly PublishedSchema[]): Promise<number> {
  await ask('PUT', '/config', { compatibility: 'FULL_TRANSITIVE' });
  for (const { id, subject, schema } of published.toSorted((left, right) => left.id - right.id)) {
    const body = { schema: JSON.stringify(schema), schemaType: 'AVRO' };
    const answer = (await ask('POST', `/subjects/${subject}/versions`, body)) as { id: number };
    if (answer.id !== id)
      throw new Error(
        `The registry gave ${subject} the id ${answer.id}, records carry ${id}: begin with an empty one.`,
      );
  }
  return published.length;
}
