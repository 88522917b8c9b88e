import { decodeCursor, type Endpoint, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { isUuid } from '@bijli/units';
import { z } from 'zod';
import { findConnection } from '../store/find-connection.ts';
import { listComplaints } from '../store/list-complaints.ts';
import { complaintSchema, complaintView } from './complaint-view.ts';
import type { HttpContext } from './context.ts';
import { accountNumber, officeCode, status } from './request-schemas.ts';

const query = z.strictObject({
  status: status.optional().meta({ description: 'Complaints in this state' }),
  officeCode: officeCode.optional(),
  accountNumber: accountNumber.optional(),
  overdue: z.literal('true').optional().meta({ description: 'Only those whose clock ran out' }),
  ...pageQuery,
});

/** GET /v1/complaints: complaints, the latest lodged first. */
export function listComplaintsEndpoint({ db, clock }: Pick<HttpContext, 'db' | 'clock'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/complaints',
    operationId: 'listComplaints',
    summary: 'Complaints, the latest lodged first',
    description: 'Filters are combined: each that is given must be met.',
    query,
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ items: z.array(complaintSchema), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { overdue, limit, cursor, accountNumber: account, ...filters } }) => {
      const before = cursor === undefined ? null : readCursor(cursor);
      if (before === undefined)
        return invalidRequest([
          { field: '/query/cursor', rule: 'cursor', detail: 'Use the nextCursor of the page before' },
        ]);
      const connection = account === undefined ? null : await findConnection(db, account);
      if (account !== undefined && connection === null) return { status: 200, body: { items: [], nextCursor: null } };
      const found = await listComplaints(db, {
        status: filters.status ?? null,
        officeCode: filters.officeCode ?? null,
        connectionId: connection?.connectionId ?? null,
        dueBefore: overdue === undefined ? null : clock(),
        before,
        limit: limit + 1,
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
      return { status: 200, body: { items: items.map(complaintView), nextCursor } };
    },
  });
}

/** The id of the last complaint of the page before; undefined where the cursor is none of ours. */
function readCursor(cursor: string): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? [];
  return typeof id === 'string' && isUuid(id) ? id : undefined;
}
