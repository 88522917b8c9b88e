import type { IncomingMessage } from 'node:http';
import { type Logger, problem, type Reply } from '@bijli/service';
import { z } from 'zod';
import type { FileProblem, ImportKind } from '../domain/import-report.ts';
import { type ImportOutcome, octetsOf } from '../flows/import-file.ts';
import { importReply } from './import-reply.ts';

/** Asks for a dry run in the query of an upload. */
export const dryRun = z.enum(['true', 'false']).optional().meta({ description: 'true: try the file, take nothing' });

/** What was sent is saved in one transaction, with nothing to say until it is done: half a minute, on a busy machine more. */
const SAVING_TIMEOUT_MS = 900_000;

/** What is uploaded, and what takes it. */
export type Upload = {
  readonly request: IncomingMessage;
  readonly kind: ImportKind;
  readonly log: Logger;
  readonly take: (octets: AsyncIterable<Buffer>) => Promise<ImportOutcome>;
};

/** This function will let an upload be taken, and answer what became of it, however it ended. */
export const answerUpload = async ({ request, kind, log, take }: Upload): Promise<Reply> => {
  const refusal = compressedRefusal(request.headers['content-encoding']);
  if (refusal !== undefined) return refusal;
  request.once('end', () => request.setTimeout(SAVING_TIMEOUT_MS));
  try {
    return outcomeReply(await take(octetsOf(request)), kind, log);
  } catch (error) {
    if (request.errored === null) throw error;
    // Its sender gave it up, which is nobody's error here.
    return problem(400, 'upload-broken', 'The upload broke off; nothing of it was imported');
  } finally {
    // What is left unread would stand before the next request on this connection.
    request.resume();
  }
};

/** Nobody here unpacks a body that is compressed. */
const compressedRefusal = (encoding: string | undefined): Reply | undefined =>
  encoding === undefined || encoding === 'identity'
    ? undefined
    : problem(415, 'unsupported-media-type', 'Send the file uncompressed', {}, { 'accept-encoding': 'identity' });

const outcomeReply = (outcome: ImportOutcome, kind: ImportKind, log: Logger): Reply => {
  if (outcome.code === 'imported') {
    const { importId, isDryRun, counts } = outcome.report;
    log.info({ importId, kind, isDryRun, ...counts }, 'file imported');
    return importReply(outcome.report);
  }
  if (outcome.code === 'import-running') return problem(409, 'import-running', 'Another import is running; try later');
  return problem(400, 'invalid-file', 'The file cannot be read; nothing of it was imported', {
    errors: outcome.problems.map(fileError),
  });
};

const fileError = ({ line, field, rule, detail }: FileProblem) => ({
  field: field === '' ? `/body/${line}` : `/body/${line}/${field.replaceAll('/', '~1')}`,
  rule,
  detail: `Line ${line}: ${detail}`,
  line,
});
