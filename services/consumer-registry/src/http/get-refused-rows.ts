import { endpoint, problem } from '@bijli/service';
import { z } from 'zod';
import { csvCell } from '../domain/csv-cell.ts';
import type { ImportKind } from '../domain/import-report.ts';
import { refusalReason } from '../domain/refusal-reason.ts';
import { findImportRun, type ListedRow, listRefusedRows } from '../store/import-runs.ts';
import type { HttpContext } from './context.ts';
import { importId, importPath } from './import-reply.ts';

const HEADER = 'line,severity,field,rule,value,reason\n';
const ROWS_AT_A_TIME = 10_000;

const csvLine = ({ line, severity, field, rule, value }: ListedRow): string =>
  `${[String(line), severity, field, rule, value, refusalReason(field, rule)].map(csvCell).join(',')}\n`;

/** A piece at a time: a district in words that nobody translated has a million and a half of these lines. */
async function* allRows(db: HttpContext['db'], importId: string): AsyncGenerator<string> {
  yield HEADER;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows: ListedRow[] = await listRefusedRows(db, importId, { after, limit: ROWS_AT_A_TIME });
    yield rows.map(csvLine).join('');
    after = rows.at(-1)?.line;
  }
}

/** Everything that is wrong with the rows of an import, and every warning, as a CSV file for the person who mends the source. */
export function getRefusedRowsEndpoint({ db }: HttpContext, kind: ImportKind) {
  return endpoint({
    method: 'get',
    path: `${importPath(kind)}/{id}/refused-rows`,
    operationId: kind === 'network' ? 'getRefusedNetworkRows' : 'getRefusedConnectionRows',
    summary: `Refused rows and warnings of an import of ${kind}`,
    description: 'All of them, as a CSV file for those who mend the source.',
    params: z.strictObject({ id: importId }),
    responses: {
      200: {
        description:
          'line,severity,field,rule,value,reason; values are masked. A row with several faults has a line here for each of them',
        contentType: 'text/csv',
      },
      404: { description: 'No such import' },
    },
    handle: async ({ params }) => {
      const report = await findImportRun(db, params.id, kind);
      if (report === null) return problem(404, 'import-unknown', 'There is no such import');
      const disposition = `attachment; filename="refused-${params.id}.csv"`;
      return {
        status: 200,
        contentType: 'text/csv; charset=utf-8',
        headers: { 'content-disposition': disposition },
        body: allRows(db, params.id),
      };
    },
  });
}
