import { endpoint } from '@bijli/service';
import { importConnections } from '../flows/import-connections.ts';
import { octetsOf } from '../flows/import-file.ts';
import { brokenUpload, compressedRefusal, importBody, importPath, outcomeReply } from './import-reply.ts';
import type { Deps } from './routes.ts';

/** A CSV file of connections; all of it or nothing, the same file again changes nothing. */
export const postConnectionImport = (deps: Deps) =>
  endpoint({
    method: 'post',
    path: importPath('connections'),
    summary: 'Import connections from a CSV file',
    rawBody: 'text/csv',
    responses: {
      200: { description: 'What became of the rows', body: importBody },
      400: { description: 'The file cannot be read; nothing of it was imported' },
      409: { description: 'Another import is running' },
    },
    handle: async ({ request }) =>
      compressedRefusal(request.headers['content-encoding']) ??
      (await importConnections(deps, octetsOf(request)).then(
        (outcome) => outcomeReply(outcome, 'connections', deps.log),
        brokenUpload(request),
      )),
  });
