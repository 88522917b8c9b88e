import { endpoint, instantText, versionTag } from '@bijli/service';
import type { SealKeys } from '@bijli/units';
import { z } from 'zod';
import type { Connection, Contact } from '../domain/connection.ts';
import { findConnection } from '../store/connection-rows.ts';
import { countContactHistory } from '../store/contact-history.ts';
import { accountNumber, connectionUnknown } from './account-param.ts';
import type { HttpContext } from './context.ts';
import { maskedNumber } from './masked-number.ts';

const contactBody = z.strictObject({
  contactNo: z.int(),
  language: z.enum(['hi', 'en']),
  numberState: z.string(),
  mobileNumber: z.string().nullable().meta({ description: 'Masked: first and last two digits', example: '98••••••10' }),
  purposes: z.array(z.string()),
  source: z.string(),
  changedAt: instantText,
});

const connectionBody = z.strictObject({
  id: z.uuid(),
  accountNumber: z.string(),
  oldAccountNumbers: z.array(z.string()),
  category: z.string(),
  state: z.string(),
  nodeCode: z.string().nullable(),
  localityEn: z.string(),
  localityHi: z.string(),
  meterNumber: z.string(),
  consumerName: z.string(),
  version: z.int(),
  contacts: z.array(contactBody),
  historyCount: z.int().meta({ description: 'Changes of its contacts so far' }),
});

const contactView = ({ number, changedAt, ...contact }: Contact, keys: SealKeys): z.input<typeof contactBody> => ({
  ...contact,
  purposes: [...contact.purposes],
  mobileNumber: maskedNumber(keys, number),
  changedAt: changedAt.toISOString(),
});

const connectionView = (
  { contacts, formerAccountNumbers, ...connection }: Connection,
  historyCount: number,
  keys: SealKeys,
): z.input<typeof connectionBody> => ({
  ...connection,
  oldAccountNumbers: [...formerAccountNumbers],
  contacts: contacts.map((contact) => contactView(contact, keys)),
  historyCount,
});

/** One connection with its contacts; numbers are masked. */
export function getConnectionEndpoint({ db, keys }: HttpContext) {
  return endpoint({
    method: 'get',
    path: '/v1/connections/{accountNumber}',
    operationId: 'getConnection',
    summary: 'One connection, by its account number or an old one',
    description: 'With its contacts; mobile numbers are masked.',
    params: z.strictObject({ accountNumber }),
    responses: {
      200: { description: 'The connection', body: connectionBody },
      404: { description: 'No such connection' },
    },
    handle: async ({ params }) => {
      const connection = await findConnection(db, params.accountNumber);
      if (connection === null) return connectionUnknown();
      const historyCount = await countContactHistory(db, connection.id);
      return {
        status: 200,
        headers: { etag: versionTag(connection.version) },
        body: connectionView(connection, historyCount, keys.sealKeys),
      };
    },
  });
}
