import type { IncomingMessage } from 'node:http';
import { instantText, type Logger, problem, type Reply } from '@bijli/service';
import { z } from 'zod';
import type { FileProblem, ImportKind, ImportReport } from '../domain/import-report.ts';
import type { ImportOutcome } from '../flows/import-file.ts';

const count = z.int().min(0);

/** An import as it is answered. */
export const importBody = z.strictObject({
  importId: z.uuid(),
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
    .meta({ description: 'The first 20 refused rows; values are masked' }),
});

/** Where the imports of a kind are. */
export const importPath = (kind: ImportKind): string =>
  kind === 'network' ? '/v1/network-imports' : '/v1/connection-imports';

/** This function will write an import as it is answered. */
export const importReply = ({ importId, startedAt, finishedAt, counts, firstRefused }: ImportReport): Reply => ({
  status: 200,
  body: {
    importId,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    ...counts,
    firstRefused,
  },
});

const fileError = ({ line, field, rule, detail }: FileProblem) => ({
  field: field === '' ? `/body/${line}` : `/body/${line}/${field.replaceAll('/', '~1')}`,
  rule,
  detail: `Line ${line}: ${detail}`,
  line,
});

/** This function will answer an import, however it ended; one that was committed is logged with its counts. */
export const outcomeReply = (outcome: ImportOutcome, kind: ImportKind, log: Logger): Reply => {
  if (outcome.code === 'imported') {
    const { importId, counts } = outcome.report;
    log.info({ importId, kind, ...counts }, 'file imported');
    return importReply(outcome.report);
  }
  if (outcome.code === 'import-running') return problem(409, 'import-running', 'Another import is running; try later');
  return problem(400, 'invalid-file', 'The file cannot be read; nothing of it was imported', {
    errors: outcome.problems.map(fileError),
  });
};

/** This function will answer an upload that its sender gave up, which is nobody's error here; others it throws on. */
export const brokenUpload =
  (request: IncomingMessage) =>
  (error: unknown): Reply => {
    if (request.errored === null) throw error;
    return problem(400, 'upload-broken', 'The upload broke off; nothing of it was imported');
  };

/** This function will refuse a body that is compressed: nobody here unpacks it. */
export const compressedRefusal = (encoding: string | undefined): Reply | undefined =>
  encoding === undefined || encoding === 'identity'
    ? undefined
    : problem(415, 'unsupported-media-type', 'Send the file uncompressed', {}, { 'accept-encoding': 'identity' });
