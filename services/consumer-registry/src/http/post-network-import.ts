import { endpoint } from '@bijli/service';
import { importNetwork } from '../flows/import-network.ts';
import { octetsOf } from '../flows/import-file.ts';
import { brokenUpload, compressedRefusal, importBody, importPath, outcomeReply } from './import-reply.ts';
import type { Deps } from './routes.ts';

/** A CSV file of network nodes; all of it or nothing, the same file again changes nothing. */
export const postNetworkImport = (deps: Deps) =>
  endpoint({
    method: 'post',
    path: importPath('network'),
    summary: 'Import network nodes from a CSV file',
    rawBody: 'text/csv',
    responses: {
      200: { description: 'What became of the rows', body: importBody },
      400: { description: 'The file cannot be read; nothing of it was imported' },
      409: { description: 'Another import is running' },
    },
    handle: async ({ request }) =>
      compressedRefusal(request.headers['content-encoding']) ??
      (await importNetwork(deps, octetsOf(request)).then(
        (outcome) => outcomeReply(outcome, 'network', deps.log),
        brokenUpload(request),
      )),
  });
