import { endpoint, problem } from '@bijli/service';
import { z } from 'zod';
import type { ImportKind } from '../domain/import-report.ts';
import { findImportRun } from '../store/import-runs.ts';
import { importBody, importPath, importReply } from './import-reply.ts';
import type { Deps } from './routes.ts';

/** One import with its counts. */
export const getImport = ({ db }: Deps, kind: ImportKind) =>
  endpoint({
    method: 'get',
    path: `${importPath(kind)}/{id}`,
    summary: `One import of ${kind}`,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 200: { description: 'The import', body: importBody }, 404: { description: 'No such import' } },
    handle: async ({ params }) => {
      const report = await findImportRun(db, params.id, kind);
      return report === undefined ? problem(404, 'import-unknown', 'There is no such import') : importReply(report);
    },
  });
