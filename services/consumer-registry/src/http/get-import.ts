import { endpoint, problem } from '@bijli/service';
import { z } from 'zod';
import type { ImportKind } from '../domain/import-report.ts';
import { findImportRun } from '../store/import-runs.ts';
import type { HttpContext } from './context.ts';
import { importBody, importId, importPath, importReply } from './import-reply.ts';

/** One import with its counts. */
export function getImportEndpoint({ db }: HttpContext, kind: ImportKind) {
  return endpoint({
    method: 'get',
    path: `${importPath(kind)}/{id}`,
    operationId: kind === 'network' ? 'getNetworkImport' : 'getConnectionImport',
    summary: `One import of ${kind}`,
    description: 'What became of its rows, with the first 20 that were refused.',
    params: z.strictObject({ id: importId }),
    responses: { 200: { description: 'The import', body: importBody }, 404: { description: 'No such import' } },
    handle: async ({ params }) => {
      const report = await findImportRun(db, params.id, kind);
      return report === null ? problem(404, 'import-unknown', 'There is no such import') : importReply(report);
    },
  });
}
