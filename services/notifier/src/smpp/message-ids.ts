/**
 * How the provider writes a message's id in its answer to submit_sm and in its receipts: `as-is` the
 * same characters in both; `hex` and `decimal` the same number in both, whatever the case and the leading zeros;
 * `hex-to-decimal` and `decimal-to-hex` the answer in the first, the receipt in the second.
 */
export const messageIdForms = ['as-is', 'hex', 'decimal', 'hex-to-decimal', 'decimal-to-hex'] as const;
export type MessageIdForm = (typeof messageIdForms)[number];

/** Brings the ids of answers and of receipts into one form, in which they are equal. */
export type MessageIds = {
  ofAnswer(id: string): string;
  ofReceipt(id: string): string;
};

/** Ids that are the same characters in both. */
export const AS_IS: MessageIds = { ofAnswer: (id) => id, ofReceipt: (id) => id };

type Radix = 10 | 16;

const radixes: Readonly<Record<Exclude<MessageIdForm, 'as-is'>, { answer: Radix; receipt: Radix }>> = {
  hex: { answer: 16, receipt: 16 },
  decimal: { answer: 10, receipt: 10 },
  'hex-to-decimal': { answer: 16, receipt: 10 },
  'decimal-to-hex': { answer: 10, receipt: 16 },
};
/** message_id has at most 64 characters (SMPP 3.4, 5.2.23). */
const digits: Readonly<Record<Radix, RegExp>> = { 10: /^\d{1,64}$/, 16: /^[\da-f]{1,64}$/i };

/**
 * Makes the reader of a provider's ids. Numbers come out as the answer writes them, in small letters
 * and without leading zeros; what is no such number stays as it came.
 */
export function messageIds(form: MessageIdForm): MessageIds {
  if (form === 'as-is') return AS_IS;
  const { answer, receipt } = radixes[form];
  const rewrite = (from: Radix) => (id: string) =>
    digits[from].test(id) ? BigInt(from === 16 ? `0x${id}` : id).toString(answer) : id;
  return { ofAnswer: rewrite(answer), ofReceipt: rewrite(receipt) };
}
