import { describe, expect, test } from '@jest/globals';
import { answer } from './answer.ts';

const first = {
  type: 'record',
  name: 'Outage',
  namespace: 'bijli',
  doc: 'old',
  fields: [{ name: 'id', type: 'string' }],
};
const second = {
  ...first,
  doc: 'new',
  fields: [...first.fields, { name: 'cause', type: ['null', 'string'], default: null }],
};
const published = [
  { id: 3, subject: 'outage.outage.v1-value', version: 1, topic: 'outage.outage.v1', schema: first },
  { id: 7, subject: 'outage.outage.v1-value', version: 2, topic: 'outage.outage.v1', schema: second },
];
const subject = '/subjects/outage.outage.v1-value';
const get = (path: string) => answer(published, { method: 'GET', path, body: '' });
const post = (path: string, schema: unknown) =>
  answer(published, { method: 'POST', path, body: JSON.stringify({ schema: JSON.stringify(schema) }) });

describe('the schema endpoint', () => {
  test.each([
    ['/subjects', ['outage.outage.v1-value']],
    ['/schemas/types', ['AVRO']],
    ['/schemas/ids/3', { schema: JSON.stringify(first) }],
    ['/schemas/ids/7/versions', [{ subject: 'outage.outage.v1-value', version: 2 }]],
    ['/schemas/ids/7/subjects', ['outage.outage.v1-value']],
    ['/schemas/ids/7/schema', second],
    [`${subject}/versions`, [1, 2]],
    [`${subject}/versions/1/schema`, first],
    [`${subject}/versions/latest/referencedby`, []],
    ['/associations/resources/-/outage.outage.v1', []],
    [`${subject}/versions/1`, { subject: 'outage.outage.v1-value', version: 1, id: 3, schema: JSON.stringify(first) }],
    [
      `${subject}/versions/latest`,
      { subject: 'outage.outage.v1-value', version: 2, id: 7, schema: JSON.stringify(second) },
    ],
    ['/config', { compatibilityLevel: 'FULL_TRANSITIVE' }],
    ['/mode', { mode: 'READONLY' }],
  ])('answers GET %s', (path, body) => {
    expect(get(path)).toEqual({ status: 200, body });
  });

  test.each([
    ['/schemas/ids/99', 40_403],
    ['/schemas/ids/99/schema', 40_403],
    ['/schemas/ids/99/subjects', 40_403],
    ['/subjects/none/versions', 40_401],
    [`${subject}/versions/9`, 40_402],
    [`${subject}/versions/9/schema`, 40_402],
    [`${subject}/versions/9/referencedby`, 40_402],
    ['/subjects/none/versions/1/schema', 40_401],
    [`${subject}/versions/%E0%A4%A`, 40_402],
    ['/nowhere', 404],
  ])('answers GET %s with error %i', (path, code) => {
    expect(get(path)).toMatchObject({ status: 404, body: { error_code: code } });
  });

  test('knows a schema again however a client writes it', () => {
    const rewritten = {
      fields: [{ type: { type: 'string', 'avro.java.string': 'String' }, name: 'id' }],
      name: 'bijli.Outage',
      type: 'record',
    };

    expect(post(`${subject}/versions`, rewritten)).toEqual({ status: 200, body: { id: 3 } });
    expect(post(subject, rewritten)).toMatchObject({ status: 200, body: { id: 3, version: 1 } });
  });

  test('writes nothing', () => {
    const other = { ...first, fields: [{ name: 'id', type: 'long' }] };

    expect(post(`${subject}/versions`, other)).toMatchObject({ status: 403, body: { error_code: 40_301 } });
    expect(post('/subjects/mine-value/versions', first)).toMatchObject({ status: 403 });
    expect(post(subject, other)).toMatchObject({ status: 404, body: { error_code: 40_403 } });
    for (const method of ['PUT', 'DELETE'])
      expect(answer(published, { method, path: '/config', body: '' })).toMatchObject({ status: 403 });
  });

  test.each(['', '{}', '{"schema":"{"}', '{"schema":"{}","schemaType":"JSON"}'])('refuses the body %j', (body) => {
    expect(answer(published, { method: 'POST', path: `${subject}/versions`, body })).toMatchObject({
      status: 422,
      body: { error_code: 42_201 },
    });
  });
});
