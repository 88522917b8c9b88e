import { dayIn } from './neighbours.ts';

/** A request that must be refused, with the status and the errors (field and rule) of its problem. */
export type BadInput = [what: string, path: string, body: unknown, status: number, errors: string[]];

/** The requests that are refused on an account with the payment T-1, the reversed payment T-2, the bill B-1 and the cancelled bill B-2. */
export function badInputs(accountNumber: string): BadInput[] {
  const bill = { accountNumber, reference: 'X-1', amountPaise: 9, issuedOn: dayIn(-1), dueOn: dayIn(9) };
  const payment = { accountNumber, reference: 'X-1', amountPaise: 9 };
  const event = { type: 'BillGenerated', ...bill };
  const text = (body: object, change: (text: string) => string) => change(JSON.stringify(body));
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  const amounts: BadInput[] = (
    [
      ['negative', -1, 'amount-negative'],
      ['a credit of net metering', -145_050, 'amount-negative'],
      ['below the least that there is', -1e15, 'amount-negative'],
      ['10^15', 1e15, 'maximum'],
      ['one paisa too many', 100_000_000_001, 'maximum'],
      ['beyond what a double holds', 2 ** 53, 'maximum'],
      ['with three decimals', 1_450.505, 'type'],
      ['a string', '145050', 'type'],
      ['in rupees with a sign', '₹1450.50', 'type'],
      ['null', null, 'type'],
      ['true', true, 'type'],
      ['a list', [9], 'type'],
      ['an object', { paise: 9 }, 'type'],
    ] as const
  ).flatMap(([what, amountPaise, rule]): BadInput[] => [
    [`a bill whose amount is ${what}`, '/v1/bills', { ...bill, amountPaise }, 400, [`/body/amountPaise ${rule}`]],
    [
      `a payment whose amount is ${what}`,
      '/v1/payments',
      { ...payment, amountPaise },
      400,
      [`/body/amountPaise ${rule}`],
    ],
    [
      `an event whose amount is ${what}`,
      '/v1/account-events',
      { events: [event, { ...event, amountPaise }] },
      400,
      [`/body/events/1/amountPaise ${rule}`],
    ],
  ]);
  const nothing: BadInput[] = [
    ['a payment of nothing', '/v1/payments', { ...payment, amountPaise: 0 }, 400, ['/body/amountPaise minimum']],
    [
      'an event of a payment of nothing',
      '/v1/account-events',
      { events: [event, { type: 'PaymentReceived', ...payment, amountPaise: 0 }] },
      400,
      ['/body/events/1/amountPaise minimum'],
    ],
  ];
  const dates: BadInput[] = (
    [
      ['30 February', '2026-02-30', 400, 'civil-date'],
      ['month 13', '2026-13-01', 400, 'civil-date'],
      ['another order', '30-01-2026', 400, 'civil-date'],
      ['an instant', '2026-01-30T00:00:00Z', 400, 'civil-date'],
      ['a number', 20_260_130, 400, 'type'],
      ['empty', '', 400, 'civil-date'],
      ['before the issue', dayIn(-2), 422, 'before-issue'],
      ['in the year 9999', '9999-12-31', 422, 'due-too-late'],
    ] as const
  ).map(([what, dueOn, status, rule]) => [
    `a due date that is ${what}`,
    '/v1/bills',
    { ...bill, dueOn },
    status,
    [`/body/dueOn ${rule}`],
  ]);
  const issues: BadInput[] = (
    [
      ['in a week', dayIn(7), 'issued-in-the-future'],
      ['in 1999', '1999-01-30', 'issued-too-long-ago'],
    ] as const
  ).map(([what, issuedOn, rule]) => [
    `an issue ${what}`,
    '/v1/bills',
    { ...bill, issuedOn },
    422,
    [`/body/issuedOn ${rule}`],
  ]);
  const names: BadInput[] = [
    '',
    '410000000',
    '41000000011',
    '410000000a',
    '41000000О1',
    '४१०००००००',
    '4.1E+09',
    '410000000.0',
  ].map((number) => [
    `the account number ${JSON.stringify(number)}`,
    '/v1/payments',
    { ...payment, accountNumber: number },
    400,
    ['/body/accountNumber format'],
  ]);
  const references: BadInput[] = ['', 'x'.repeat(41), 'a b', '=1+1', '<b>', 'मेरा', 'T-1\n', '../../x?'].map(
    (reference) => [
      `the reference ${JSON.stringify(reference.slice(0, 9))}`,
      '/v1/payments',
      { ...payment, reference },
      400,
      ['/body/reference format'],
    ],
  );
  const ledgers: BadInput[] = [
    [
      'the reversal of no payment',
      '/v1/payments/T-9/reversal',
      { accountNumber },
      404,
      ['/params/reference unknown-payment'],
    ],
    [
      'the reversal of a reversed payment',
      '/v1/payments/T-2/reversal',
      { accountNumber },
      409,
      ['/params/reference already-reversed'],
    ],
    [
      'the reversal of a part',
      '/v1/payments/T-1/reversal',
      { accountNumber, amountPaise: 1 },
      400,
      ['/body/amountPaise unknown-field'],
    ],
    [
      'the reversal of a bill',
      '/v1/payments/B-1/reversal',
      { accountNumber },
      404,
      ['/params/reference unknown-payment'],
    ],
    [
      'the cancellation of no bill',
      '/v1/bills/B-9/cancellation',
      { accountNumber },
      404,
      ['/params/reference unknown-bill'],
    ],
    [
      'the cancellation of a cancelled bill',
      '/v1/bills/B-2/cancellation',
      { accountNumber },
      409,
      ['/params/reference already-cancelled'],
    ],
    [
      'a transaction again with another amount',
      '/v1/payments',
      { ...payment, reference: 'T-1' },
      409,
      ['/body/reference reference-reused'],
    ],
    [
      'a bill again with another due date',
      '/v1/bills',
      { ...bill, reference: 'B-1', dueOn: dayIn(8) },
      409,
      ['/body/reference reference-reused'],
    ],
    [
      'an account that nobody has',
      '/v1/payments',
      { ...payment, accountNumber: '4999999999' },
      404,
      ['/body/accountNumber unknown-account'],
    ],
    [
      'a payment of next week',
      '/v1/payments',
      { ...payment, occurredAt: new Date(Date.now() + 7 * 86_400_000).toISOString() },
      422,
      ['/body/occurredAt occurred-in-the-future'],
    ],
    [
      'a payment of 1970',
      '/v1/payments',
      { ...payment, occurredAt: '1970-01-01T00:00:00Z' },
      422,
      ['/body/occurredAt occurred-too-long-ago'],
    ],
    [
      'a time without zone',
      '/v1/payments',
      { ...payment, occurredAt: '2026-01-30T10:00:00' },
      400,
      ['/body/occurredAt instant'],
    ],
  ];
  const bodies: BadInput[] = [
    ['nothing', '/v1/bills', undefined, 400, ['/body required']],
    ['a list', '/v1/bills', [bill], 400, ['/body type']],
    ['half of JSON', '/v1/bills', text(bill, (json) => json.slice(0, -1)), 400, ['/body json']],
    ['an unknown field', '/v1/bills', { ...bill, outstandingPaise: 1 }, 400, ['/body/outstandingPaise unknown-field']],
    ['a field that looks like a number', '/v1/bills', { ...bill, '9876500042': 1 }, 400, ['/body/? unknown-field']],
    [
      'a field twice',
      '/v1/payments',
      text(payment, (json) => json.replace('{', '{"amountPaise":1,')),
      400,
      ['/body/amountPaise duplicate-key'],
    ],
    [
      '__proto__',
      '/v1/payments',
      text(payment, (json) => json.replace('{', '{"__proto__":{},')),
      400,
      ['/body/__proto__ reserved-key'],
    ],
    ['NUL', '/v1/payments', { ...payment, reference: 'T\0' }, 400, ['/body/reference nul-character']],
    ['deep JSON', '/v1/payments', `{"reference":${nested(5_000)}}`, 400, ['/body depth']],
    ['no events', '/v1/account-events', { events: [] }, 400, ['/body/events minimum']],
    [
      '1,001 events',
      '/v1/account-events',
      { events: Array.from({ length: 1_001 }, () => ({})) },
      400,
      ['/body/events maximum'],
    ],
    [
      'an event of no kind',
      '/v1/account-events',
      { events: [event, { ...event, type: 'SurchargeAdded' }] },
      400,
      ['/body/events/1/type invalid-union'],
    ],
    [
      'a payment with a due date',
      '/v1/account-events',
      { events: [{ type: 'PaymentReceived', ...payment, dueOn: dayIn(9) }] },
      400,
      ['/body/events/0/dueOn unknown-field'],
    ],
    [
      'good events and a bad one',
      '/v1/account-events',
      { events: [event, { ...event, reference: 'X-2', dueOn: dayIn(-5) }] },
      422,
      ['/body/events/1/dueOn before-issue'],
    ],
  ];

  return [...amounts, ...nothing, ...dates, ...issues, ...names, ...references, ...ledgers, ...bodies];
}
