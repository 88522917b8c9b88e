import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import avsc from 'avsc';
import fc from 'fast-check';
import { bombs, schemasOf } from '../test/bombs.ts';
import { boundedAvro } from './bounded-avro.ts';
import { decodeRecord } from './schema-tools.ts';

/** A guard against hanging, not a measure: an unguarded reader takes minutes, a guarded one less than a millisecond. */
const DEADLINE_MS = 30_000;

async function outcomesInWorker(): Promise<string[]> {
  const worker = new Worker(join(__dirname, '..', 'test', 'bomb-worker.ts'), {
    execArgv: ['--conditions=bijli-source'],
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  try {
    const [outcomes] = await once(worker, 'message', { signal: AbortSignal.timeout(DEADLINE_MS) });
    return outcomes as string[];
  } finally {
    await worker.terminate();
  }
}

describe('bounded avro', () => {
  test(
    'refuses every bomb at once, whether its field is read or skipped',
    async () => {
      const outcomes = await outcomesInWorker();

      const wanted = bombs.flatMap(({ name }) => [`${name}, reading: refused`, `${name}, skipping: refused`]);
      expect(outcomes).toEqual(wanted);
    },
    2 * DEADLINE_MS,
  );

  test('makes no more items than there are octets, whatever the octets', () => {
    let items = 0;
    const schema = { type: 'array', items: { type: 'array', items: 'int' } };
    const type = boundedAvro.parse(schema);
    const readItem = boundedAvro.types.IntType.prototype._read;
    boundedAvro.types.IntType.prototype._read = function (tap) {
      items += 1;
      return readItem.call(this, tap);
    };
    try {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
          items = 0;
          try {
            type.decode(Buffer.from(octets), 0);
          } catch {
            // Refused: the work until then is what counts.
          }
          expect(items).toBeLessThanOrEqual(2 * octets.length);
        }),
        { numRuns: 1_000 },
      );
    } finally {
      boundedAvro.types.IntType.prototype._read = readItem;
    }
  });

  test('reads what another implementation wrote', () => {
    const schema = {
      type: 'record',
      name: 'Everything',
      fields: [
        { name: 'text', type: 'string' },
        { name: 'octets', type: 'bytes' },
        { name: 'list', type: { type: 'array', items: 'string' } },
        { name: 'byKey', type: { type: 'map', values: 'int' } },
        { name: 'whole', type: 'int' },
      ],
    };
    const ours = boundedAvro.parse(schema);
    const theirs = avsc.Type.forSchema(schema as unknown as avsc.Schema);
    const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const text = fc.string({ unit: 'grapheme' });
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    const octets = fc.uint8Array({ maxLength: 20 }).map((each) => Buffer.from(each));
    const value = fc.record({ text, octets, list: fc.array(text), byKey: fc.dictionary(key, int), whole: int });
    fc.assert(
      fc.property(value, (each) => {
        const written = theirs.toBuffer(each);
        expect(ours.toBuffer(each).equals(written)).toBe(true);
        expect({ ...(ours.fromBuffer(written) as object) }).toEqual(each);
      }),
    );
  });

  test('reads blocks that state their size', () => {
    const type = boundedAvro.parse({ type: 'array', items: 'string' });
    const sized = Buffer.from('03080261026200', 'hex');

    expect(type.fromBuffer(sized)).toEqual(['a', 'b']);
  });

  test('skips blocks with and without size', () => {
    const { reading, skipping } = schemasOf({ type: 'array', items: 'string' });
    const schemas = { writer: reading, reader: skipping };

    expect(decodeRecord(schemas, Buffer.from('03080261026200' + '0278', 'hex'))).toEqual({ after: 'x' });
    expect(decodeRecord(schemas, Buffer.from('040261026200' + '0278', 'hex'))).toEqual({ after: 'x' });
  });

  test('refuses an int of more than 32 bits', () => {
    const long = boundedAvro.parse({ type: 'long' }).toBuffer(2 ** 31);

    expect(() => boundedAvro.parse({ type: 'int' }).fromBuffer(long)).toThrow('an int exceeds 32 bits');
  });
});
