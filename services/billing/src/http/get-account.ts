import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { getAccount } from '../store/get-account.ts';
import { listEntriesOfAccount } from '../store/list-entries.ts';
import type { HttpContext } from './context.ts';
import { entrySchema, entryView } from './entry-view.ts';
import { refusalReply, refusedAs } from './problems.ts';
import { accountParams } from './request-schemas.ts';

/** Entries that are shown with the account; the rest is on pages. */
const LATEST = 20;

const accountSchema = z
  .strictObject({
    connectionId: z.uuid(),
    accountNumber: z.string().meta({ description: 'Today’s number' }),
    version: z.int().min(0).meta({ description: 'Number of its latest entry, 0 before the first' }),
    outstandingPaise: z.int().meta({ description: 'Below 0 is an advance' }),
    latestEntries: z.array(entrySchema).max(LATEST),
  })
  .meta({ id: 'Account' });

/** GET /v1/accounts/{accountNumber}: what is outstanding, and the latest entries. */
export function getAccountEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/accounts/{accountNumber}',
    operationId: 'getAccount',
    summary: 'One account with its latest entries',
    description: 'What is outstanding, with the 20 latest entries.',
    params: accountParams,
    responses: { 200: { description: 'The account', body: accountSchema }, ...refusedAs('unknown-account') },
    handle: async ({ params }) => {
      const account = await getAccount(db, params.accountNumber);
      if (account === null) return refusalReply('unknown-account', { at: '/params' });
      const { id: connectionId, ...state } = account;
      const entries = await listEntriesOfAccount(db, { accountId: connectionId, before: null, limit: LATEST });
      return { status: 200, body: { connectionId, ...state, latestEntries: entries.map(entryView) } };
    },
  });
}
