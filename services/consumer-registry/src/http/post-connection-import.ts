import { endpoint } from '@bijli/service';
import { z } from 'zod';
import { importConnections } from '../flows/import-connections.ts';
import { answerUpload, dryRun, uploadResponses } from './answer-upload.ts';
import type { HttpContext } from './context.ts';
import { importBody, importPath } from './import-reply.ts';

const networkImportId = z
  .uuid()
  .optional()
  .meta({ description: 'With dryRun: the dry run of a network file whose nodes count as known' });

/** Nodes that were only tried exist for nothing but a dry run. */
const modeOf = (query: { readonly dryRun?: string | undefined; readonly networkImportId?: string | undefined }) =>
  query.dryRun !== 'true'
    ? {}
    : { isDryRun: true, ...(query.networkImportId === undefined ? {} : { networkImportId: query.networkImportId }) };

/** A CSV file of connections; all of it or nothing, the same file again changes nothing. */
export function postConnectionImportEndpoint(context: HttpContext) {
  return endpoint({
    method: 'post',
    path: importPath('connections'),
    operationId: 'importConnections',
    summary: 'Import connections from a CSV file',
    description:
      'All of the file or nothing; the same file again changes nothing. Rows that break a rule are refused ' +
      'one by one and listed.',
    rawBody: 'text/csv',
    query: z.strictObject({ dryRun, networkImportId }),
    responses: {
      200: { description: 'What became of the rows', body: importBody },
      ...uploadResponses,
    },
    handle: ({ request, query }) =>
      answerUpload({
        request,
        kind: 'connections',
        log: context.log,
        take: (octets) => importConnections(context, octets, modeOf(query)),
      }),
  });
}
