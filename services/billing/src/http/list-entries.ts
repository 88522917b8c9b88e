import { decodeCursor, type Endpoint, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { isUuid } from '@bijli/units';
import { z } from 'zod';
import { listEntriesOfReference, type ReferencePage } from '../store/list-entries.ts';
import type { HttpContext } from './context.ts';
import { entryPage, entryView } from './entry-view.ts';
import { badCursor, isEntryVersion, reference } from './request-schemas.ts';

/** GET /v1/entries?reference=: what was entered under the number of a bill or payment, with the traces in which it was told. */
export function listEntriesEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/entries',
    operationId: 'listEntries',
    summary: 'Entries of the number of a bill or payment, whosever they are, with their traces',
    description: 'A reference is the number of a bill or payment; two accounts may have the same one.',
    query: z.strictObject({ reference, ...pageQuery }),
    responses: { 200: { description: 'A page', body: entryPage } },
    handle: async ({ query: { reference: sought, limit, cursor } }) => {
      const after = cursor === undefined ? null : readCursor(cursor);
      if (after === undefined) return invalidRequest([badCursor]);
      const found = await listEntriesOfReference(db, { reference: sought, after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor =
        found.length > limit && last !== undefined ? encodeCursor([last.accountId, last.version]) : null;
      return { status: 200, body: { items: items.map(entryView), nextCursor } };
    },
  });
}

/** Where the page before ended; undefined where the cursor is none of ours. */
function readCursor(cursor: string): ReferencePage['after'] | undefined {
  const [accountId, version] = decodeCursor(cursor, 2) ?? [];
  return typeof accountId === 'string' && isUuid(accountId) && isEntryVersion(version)
    ? { accountId, version }
    : undefined;
}
