import { endpoint } from '@bijli/service';
import { z } from 'zod';
import { importNetwork } from '../flows/import-network.ts';
import { answerUpload, dryRun, uploadResponses } from './answer-upload.ts';
import type { HttpContext } from './context.ts';
import { importBody, importPath } from './import-reply.ts';

/** A CSV file of network nodes; all of it or nothing, the same file again changes nothing. */
export function postNetworkImportEndpoint(context: HttpContext) {
  return endpoint({
    method: 'post',
    path: importPath('network'),
    operationId: 'importNetwork',
    summary: 'Import network nodes from a CSV file',
    description:
      'All of the file or nothing; the same file again changes nothing. Rows that break a rule are refused ' +
      'one by one and listed.',
    rawBody: 'text/csv',
    query: z.strictObject({ dryRun }),
    responses: {
      200: { description: 'What became of the rows', body: importBody },
      ...uploadResponses,
    },
    handle: ({ request, query }) =>
      answerUpload({
        request,
        kind: 'network',
        log: context.log,
        take: (octets) => importNetwork(context, octets, { isDryRun: query.dryRun === 'true' }),
      }),
  });
}
