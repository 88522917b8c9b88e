import type { IncomingMessage } from 'node:http';
import { type Logger, problem, type Reply } from '@bijli/service';
import { z } from 'zod';
import type { FileProblem, ImportKind } from '../domain/import-report.ts';
import type { ImportOutcome } from '../flows/import-file.ts';
import { importReply } from './import-reply.ts';
import { uploadOctets } from './upload-octets.ts';

/** Asks for a dry run in the query of an upload. */
export const dryRun = z.enum(['true', 'false']).optional().meta({ description: 'true: try the file, take nothing' });

/** How an upload may be answered besides 200, in words. */
export const uploadResponses = {
  400: { description: 'The file cannot be read, or the upload broke off; nothing of it was imported' },
  408: { description: 'Nothing of the upload came for 10 s; nothing of it was imported' },
  409: {
    description:
      'Another import is being saved: answered at once, or, when both were sent at the same time, once this file is here',
  },
  503: {
    description:
      'There is no room for the file beside others that are being uploaded; send it again after Retry-After seconds',
  },
};

/** A sender that is alive has something to send; one that is not holds no import up, but a connection. */
const SILENCE_MS = 10_000;
/** What was sent is saved in one transaction, with nothing to say until it is done: half a minute, on a busy machine more. */
const SAVING_TIMEOUT_MS = 900_000;
const RETRY_AFTER = { 'retry-after': '10' };

/** What is uploaded, and what takes it. */
export type Upload = {
  readonly request: IncomingMessage;
  readonly kind: ImportKind;
  readonly log: Logger;
  readonly take: (octets: AsyncIterable<Buffer>) => Promise<ImportOutcome>;
};

/** Lets an upload be taken, and answers what became of it, however it ended. */
export async function answerUpload({ request, kind, log, take }: Upload): Promise<Reply> {
  const refusal = compressedRefusal(request.headers['content-encoding']);
  if (refusal !== undefined) return refusal;
  request.once('end', () => request.setTimeout(SAVING_TIMEOUT_MS));
  const { octets, isSilent } = uploadOctets(request, SILENCE_MS);
  try {
    return outcomeReply(await take(octets), kind, log);
  } catch (error) {
    if (isSilent())
      return problem(408, 'too-slow', 'The upload stopped; nothing of it was imported', {}, { connection: 'close' });
    if (request.errored === null) throw error;
    // Its sender gave it up, which is nobody's error here.
    return problem(400, 'upload-broken', 'The upload broke off; nothing of it was imported');
  } finally {
    // What is left unread would stand before the next request on this connection.
    request.resume();
  }
}

/** Nobody here unpacks a body that is compressed. */
const compressedRefusal = (encoding: string | undefined): Reply | undefined =>
  encoding === undefined || encoding === 'identity'
    ? undefined
    : problem(415, 'unsupported-media-type', 'Send the file uncompressed', {}, { 'accept-encoding': 'identity' });

function outcomeReply(outcome: ImportOutcome, kind: ImportKind, log: Logger): Reply {
  if (outcome.code === 'imported') {
    const { importId, isDryRun, counts } = outcome.report;
    log.info({ importId, kind, isDryRun, ...counts }, 'file imported');
    return importReply(outcome.report);
  }
  if (outcome.code === 'import-running') return problem(409, 'import-running', 'Another import is running; try later');
  if (outcome.code === 'no-room')
    return problem(503, 'no-room', 'Too many files are being uploaded; send this one again later', {}, RETRY_AFTER);
  return problem(400, 'invalid-file', 'The file cannot be read; nothing of it was imported', {
    errors: outcome.problems.map(fileError),
  });
}

const fileError = ({ line, field, rule, detail }: FileProblem) => ({
  field: field === '' ? `/body/${line}` : `/body/${line}/${field.replaceAll('/', '~1')}`,
  rule,
  detail: `Line ${line}: ${detail}`,
  line,
});
