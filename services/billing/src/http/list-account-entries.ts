import { decodeCursor, type Endpoint, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { z } from 'zod';
import { getAccount } from '../store/get-account.ts';
import { listEntriesOfAccount } from '../store/list-entries.ts';
import type { HttpContext } from './context.ts';
import { entryPage, entryView } from './entry-view.ts';
import { refusalReply, refusedAs } from './problems.ts';
import { accountParams, badCursor, isEntryVersion } from './request-schemas.ts';

/** GET /v1/accounts/{accountNumber}/entries: the whole ledger of an account, the latest first. */
export function listAccountEntriesEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/accounts/{accountNumber}/entries',
    operationId: 'listAccountEntries',
    summary: 'Entries of an account, the latest first',
    description: 'The whole ledger of one account, page by page.',
    params: accountParams,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: 'A page', body: entryPage }, ...refusedAs('unknown-account') },
    handle: async ({ params, query: { limit, cursor } }) => {
      const before = cursor === undefined ? null : readCursor(cursor);
      if (before === undefined) return invalidRequest([badCursor]);
      const account = await getAccount(db, params.accountNumber);
      if (account === null) return refusalReply('unknown-account', { at: '/params' });
      const found = await listEntriesOfAccount(db, { accountId: account.id, before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.version]) : null;
      return { status: 200, body: { items: items.map(entryView), nextCursor } };
    },
  });
}

/** The version of the last entry of the page before; undefined where the cursor is none of ours. */
function readCursor(cursor: string): number | undefined {
  const [version] = decodeCursor(cursor, 1) ?? [];
  return typeof version === 'number' && isEntryVersion(version) ? version : undefined;
}
