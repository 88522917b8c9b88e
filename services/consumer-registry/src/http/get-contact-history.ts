import { endpoint, instantText } from '@bijli/service';
import type { SealKeys } from '@bijli/units';
import { z } from 'zod';
import { findConnection } from '../store/connection-rows.ts';
import { type ContactChange, listContactHistory } from '../store/contact-history.ts';
import { accountNumber, connectionUnknown, contactNo } from './account-param.ts';
import type { HttpContext } from './context.ts';
import { maskedNumber } from './masked-number.ts';

const changeBody = z.strictObject({
  changedAt: instantText,
  changedBy: z.string().meta({ description: 'Id of a person or of an import' }),
  source: z.string(),
  what: z.enum(['mobile-number', 'language']),
  oldLanguage: z.string().nullable(),
  newLanguage: z.string().nullable(),
  oldNumberState: z.string().nullable(),
  oldMobileNumber: z.string().nullable(),
  newMobileNumber: z.string().nullable(),
});

const changeView = (
  { oldNumber, newNumber, changedAt, ...change }: ContactChange,
  keys: SealKeys,
): z.input<typeof changeBody> => ({
  ...change,
  changedAt: changedAt.toISOString(),
  oldMobileNumber: maskedNumber(keys, oldNumber),
  newMobileNumber: maskedNumber(keys, newNumber),
});

/** Who changed what of a contact, when, and on whose word. */
export function getContactHistoryEndpoint({ db, keys }: HttpContext) {
  return endpoint({
    method: 'get',
    path: '/v1/connections/{accountNumber}/contacts/{contactNo}/history',
    operationId: 'getContactHistory',
    summary: 'Changes of a contact, the newest first; numbers are masked',
    description: 'Who changed what of a contact, when, and on whose word.',
    params: z.strictObject({ accountNumber, contactNo }),
    responses: {
      200: { description: 'At most 200 changes', body: z.strictObject({ changes: z.array(changeBody) }) },
      404: { description: 'No such connection' },
    },
    handle: async ({ params }) => {
      const connection = await findConnection(db, params.accountNumber);
      if (connection === null) return connectionUnknown();
      const changes = await listContactHistory(db, connection.id, params.contactNo);
      return { status: 200, body: { changes: changes.map((change) => changeView(change, keys.sealKeys)) } };
    },
  });
}
