import type { ApiDescription } from '@bijli/service';

/** What the OpenAPI document says of the service. */
export const api: ApiDescription = {
  title: 'billing',
  description:
    'One ledger for each account: bills, payments, and what takes them back. Consumers are told of each entry. Amounts are whole paise; ' +
    'dates are civil dates in India; problems are RFC 9457; lists have pages by cursor.',
  tags: [
    {
      name: 'Entries',
      description: 'Enter bills and payments, take them back, look them up',
      paths: [
        '/v1/bills',
        '/v1/payments',
        '/v1/account-events',
        '/v1/entries',
        '/v1/waiting-events',
        '/v1/unchanged-events',
      ],
    },
    { name: 'Accounts', description: 'What is outstanding, and the ledger of an account', paths: ['/v1/accounts'] },
  ],
};
