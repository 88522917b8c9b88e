import { parentPort } from 'node:worker_threads';
import { decodeRecord } from '../src/schema-tools.ts';
import { bombs, schemasOf } from './bombs.ts';

// Decodes every bomb, read and skipped, in a thread of its own, so that a test can stop it when it hangs.

function outcome(type: unknown, way: 'reading' | 'skipping', hex: string): string {
  const schemas = schemasOf(type);
  try {
    decodeRecord({ writer: schemas.reading, reader: schemas[way] }, Buffer.from(hex, 'hex'));
    return 'accepted';
  } catch {
    return 'refused';
  }
}

parentPort?.postMessage(
  bombs.flatMap(({ name, type, hex }) =>
    (['reading', 'skipping'] as const).map((way) => `${name}, ${way}: ${outcome(type, way, hex)}`),
  ),
);
