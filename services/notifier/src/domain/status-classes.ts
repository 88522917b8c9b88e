/**
 * What a status of the provider means for the message that it answers: `later`, not now; `header` and `template`, no number is to blame;
 * `number`, this number is not reached; `other`, tried three times.
 */
export const statusClasses = ['later', 'header', 'template', 'number', 'other'] as const;
export type StatusClass = (typeof statusClasses)[number];

/** The classes of one provider, by status (4 octets unsigned). */
export type StatusTable = ReadonlyMap<number, StatusClass>;

/** SMPP 3.4, 5.1.3, by what carriers mean with them (docs/sms.md, Submitting). */
const USUAL: readonly (readonly [number, StatusClass])[] = [
  [0x04, 'later'], // ESME_RINVBNDSTS: the bind is not what it should be, it is made anew
  [0x08, 'later'], // ESME_RSYSERR
  [0x14, 'later'], // ESME_RMSGQFUL
  [0x45, 'later'], // ESME_RSUBMITFAIL
  [0x58, 'later'], // ESME_RTHROTTLED
  [0x64, 'later'], // ESME_RX_T_APPN
  [0x0a, 'header'], // ESME_RINVSRCADR
  [0x0b, 'number'], // ESME_RINVDSTADR
];

/** Makes the table of a provider: the usual meanings, and those that its settings give instead. */
export function statusTable(own: StatusTable = new Map()): StatusTable {
  return new Map([...USUAL, ...own]);
}

/** Tells what a status means. */
export function statusClass(table: StatusTable, status: number): StatusClass {
  return table.get(status) ?? 'other';
}

/** A message is rejected when a status that nobody explained came so often. */
export const MOST_TRIES = 3;

const ENTRY = /^(0x[\da-f]{1,8}|\d{1,10})=(\w+)$/i;

/** Reads `0x0401=template,0x0402=later`; null where it is none. */
export function parseStatusTable(text: string): StatusTable | null {
  const table = new Map<number, StatusClass>();
  for (const entry of text.split(',').filter((one) => one.trim() !== '')) {
    const [, status, word] = ENTRY.exec(entry.trim()) ?? [];
    const meaning = statusClasses.find((one) => one === word);
    const number = Number(status);
    if (meaning === undefined || !(number >= 1 && number <= 0xffffffff)) return null;
    table.set(number, meaning);
  }
  return table;
}
