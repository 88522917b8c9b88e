/** What a text may be filled with. Times are India's; amounts are rupees with two decimals. */
export const variables = [
  'account',
  'date',
  'toDate',
  'from',
  'to',
  'cause',
  'amount',
  'outstanding',
  'advance',
  'due',
  'complaint',
] as const;
export type Variable = (typeof variables)[number];

export const languages = ['hi', 'en'] as const;
export type Language = (typeof languages)[number];

type Families = Readonly<Record<string, readonly Variable[]>>;

/** Families of texts to everybody below a node, and what is known where they are told; with one account its number too. */
const outageFamilies = {
  'planned.same-day': ['date', 'toDate', 'from', 'to', 'cause'],
  'planned.multi-day': ['date', 'toDate', 'from', 'to', 'cause'],
  unplanned: ['date', 'to', 'cause'],
  // Off, when the time that was given for the return is past.
  untimed: ['cause'],
  estimate: ['date', 'to', 'cause'],
  restored: ['date', 'to', 'cause'],
  partly: [],
  rescheduled: ['date', 'toDate', 'from', 'to', 'cause'],
  cancelled: ['date', 'toDate', 'from', 'to', 'cause'],
} as const satisfies Families;

/** Families of texts to the contacts of one connection, and what is known where they are told. */
const personalFamilies = {
  'bill.due': ['account', 'amount', 'outstanding', 'due'],
  'bill.covered': ['account', 'amount', 'advance', 'due'],
  'bill.nothing': ['account', 'amount', 'due'],
  'payment.owed': ['account', 'amount', 'outstanding', 'date', 'to'],
  'payment.advance': ['account', 'amount', 'advance', 'date', 'to'],
  'payment-reversal.owed': ['account', 'amount', 'outstanding'],
  'payment-reversal.advance': ['account', 'amount', 'advance'],
  'bill-cancellation.owed': ['account', 'amount', 'outstanding', 'due'],
  'bill-cancellation.advance': ['account', 'amount', 'advance', 'due'],
  'complaint-lodged': ['account', 'complaint'],
  'complaint-answered': ['account', 'complaint', 'cause', 'date', 'to'],
  'complaint-resolved': ['account', 'complaint'],
  'complaint-fixed': ['account', 'complaint'],
} as const satisfies Families;

export type PersonalFamily = keyof typeof personalFamilies;

/** The texts that say one thing in all languages: their key without its language, and what they may be filled with. */
export type TextFamily = { readonly name: string; readonly variables: readonly Variable[] };

/** Every family of texts that must be there; each has one text in each language, with the key `<name>.<language>`. */
export const textFamilies: readonly TextFamily[] = [
  ...Object.entries(outageFamilies).flatMap(([family, known]): TextFamily[] => [
    { name: `${family}.one`, variables: ['account', ...known] },
    { name: `${family}.many`, variables: known },
  ]),
  ...Object.entries(personalFamilies).map(([name, known]): TextFamily => ({ name, variables: known })),
];
