import { instantText, type Reply } from '@bijli/service';
import { z } from 'zod';
import type { ImportKind, ImportReport } from '../domain/import-report.ts';

const count = z.int().min(0);

/** An import as it is answered. */
export const importBody = z.strictObject({
  importId: z.uuid(),
  isDryRun: z.boolean().meta({ description: 'Tried only: nothing was taken' }),
  startedAt: instantText,
  finishedAt: instantText,
  rows: count.meta({ description: 'Rows of the file' }),
  registered: count.meta({ description: 'Rows that were new' }),
  changed: count,
  unchanged: count,
  refused: count.meta({ description: 'Rows that were not taken' }),
  warnings: count.meta({ description: 'Rows that were taken with a warning' }),
  unmapped: count.optional().meta({ description: 'Connections of the file without a node' }),
  moved: count.optional().meta({ description: 'Nodes of the file that hang on another parent now' }),
  firstRefused: z
    .array(z.strictObject({ line: z.int(), field: z.string(), rule: z.string(), value: z.string() }))
    .meta({
      description: 'The first 20 faults of refused rows, several of a row where it has several; values are masked',
    }),
});

/** Id of an import in a path. */
export const importId = z.uuid().meta({ description: 'Id of the import' });

/** Where the imports of a kind are. */
export function importPath(kind: ImportKind): string {
  return kind === 'network' ? '/v1/network-imports' : '/v1/connection-imports';
}

/** Writes an import as it is answered. */
export function importReply({ importId, isDryRun, startedAt, finishedAt, counts, firstRefused }: ImportReport): Reply {
  const times = { startedAt: startedAt.toISOString(), finishedAt: finishedAt.toISOString() };
  return { status: 200, body: { importId, isDryRun, ...times, ...counts, firstRefused } };
}
