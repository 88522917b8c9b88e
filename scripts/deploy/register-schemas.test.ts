import { describe, expect, test } from '@jest/globals';
import { type AskRegistry, registerSchemas } from './register-schemas.ts';

const schema = (name: string) => ({ type: 'record', name, fields: [] });
const published = [
  { id: 2, subject: 'b-value', version: 1, topic: 'b', schema: schema('B') },
  { id: 1, subject: 'a-value', version: 1, topic: 'a', schema: schema('A') },
];

/** A registry that counts what it does not know, as Apicurio does. */
function registryThatKnows(known: string[]): { ask: AskRegistry; asked: string[] } {
  const asked: string[] = [];
  const ask: AskRegistry = async (method, path, body) => {
    asked.push(`${method} ${path}`);
    const text = (body as { schema?: string }).schema;
    if (text === undefined) return {};
    if (!known.includes(text)) known.push(text);
    return { id: known.indexOf(text) + 1 };
  };
  return { ask, asked };
}

describe('registerSchemas', () => {
  test('brings the schemas in by the order of their ids, and finds them there the next time', async () => {
    const known: string[] = [];
    const { ask, asked } = registryThatKnows(known);

    expect(await registerSchemas(ask, published)).toBe(2);
    expect(await registerSchemas(ask, published)).toBe(2);

    expect(known).toEqual([JSON.stringify(schema('A')), JSON.stringify(schema('B'))]);
    expect(asked.slice(0, 3)).toEqual([
      'PUT /config',
      'POST /subjects/a-value/versions',
      'POST /subjects/b-value/versions',
    ]);
  });

  test('refuses a registry that counts otherwise', async () => {
    const { ask } = registryThatKnows([JSON.stringify(schema('Foreign'))]);

    await expect(registerSchemas(ask, published)).rejects.toThrow('gave a-value the id 2, records carry 1');
  });
});
