/** The fields of a receipt's text as they stand there; empty when absent. Times are the SMSC's local clock. */
export type ReceiptText = {
  readonly id: string;
  readonly submitted: string;
  readonly delivered: string;
  readonly submitDate: string;
  readonly doneDate: string;
  readonly state: string;
  readonly error: string;
  readonly text: string;
};

/**
 * SMPP 3.4, appendix B Delivery receipt format (vendor specific, this is the usual one)
 *
 *     id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E Text: . . .
 *
 *     | id          | message id                             | stat | state, a word of `messageStates`          |
 *     | sub, dlvrd  | messages submitted and delivered       | err  | network's or SMSC's error code            |
 *     | submit date | when submitted, done date: final state | text | first 20 characters of the message         |
 */
export function formatReceiptText(receipt: ReceiptText): string {
  return (
    `id:${receipt.id} sub:${receipt.submitted} dlvrd:${receipt.delivered} submit date:${receipt.submitDate}` +
    ` done date:${receipt.doneDate} stat:${receipt.state} err:${receipt.error} text:${receipt.text.slice(0, 20)}`
  );
}

const FIELD = /(?:^|\s)(id|sub|dlvrd|submit date|done date|stat|err|text)\s*:/gi;

function readFields(text: string): Map<string, string> {
  const values = new Map<string, string>();
  FIELD.lastIndex = 0;
  let match = FIELD.exec(text);
  while (match !== null) {
    const name = (match[1] as string).toLowerCase();
    const from = FIELD.lastIndex;
    const next = name === 'text' ? null : FIELD.exec(text);
    if (!values.has(name)) values.set(name, text.slice(from, next?.index).trim());
    match = next;
  }
  return values;
}

/** Some SMSCs leave the label out: the state's word stands behind the done date. */
const BARE_STATE = /^(.*\S)\s+([A-Za-z][\w-]*)$/s;

function stateAndDate(stat: string, date: string): Pick<ReceiptText, 'state' | 'doneDate'> {
  const bare = stat === '' ? BARE_STATE.exec(date) : null;
  return { state: bare?.[2] ?? stat, doneDate: bare?.[1] ?? date };
}

function parseFields(text: string): ReceiptText | null {
  const values = readFields(text);
  const value = (name: string): string => values.get(name) ?? '';
  if (value('id') === '' && value('stat') === '') return null;
  return {
    id: value('id'),
    submitted: value('sub'),
    delivered: value('dlvrd'),
    submitDate: value('submit date'),
    ...stateAndDate(value('stat'), value('done date')),
    error: value('err'),
    text: value('text'),
  };
}

const USUAL = /^id:(\S+) sub:(\S*) dlvrd:(\S*) submit date:(\S*) done date:(\S*) stat:(\S+) err:(\S*) text:(.*)$/is;

/**
 * Reads a receipt's text (appendix B) as SMSCs really write it: names in any case and order, fields left out, spaces
 * after colons, dates with seconds. What follows `text:` is the message and not looked into; of a field given twice
 * the first counts. Null when there is neither an id nor a state. Nothing is converted: an id stays hex, decimal
 * or padded as it came.
 */
export function parseReceiptText(text: string): ReceiptText | null {
  // Nearly all receipts have the usual form, which one expression reads in a sixth of the time.
  const match = USUAL.exec(text);
  if (match === null) return parseFields(text);
  const [, id, submitted, delivered, submitDate, doneDate, state, error, rest] = match as unknown as string[];
  return { id, submitted, delivered, submitDate, doneDate, state, error, text: rest?.trim() } as ReceiptText;
}

const DATE = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/;

/**
 * Reads a receipt's date, `YYMMDDhhmm` or with seconds, on a clock `minutesAheadOfUtc` (330 for Indian SMSCs).
 * Null when it is none.
 */
export function parseReceiptDate(text: string, minutesAheadOfUtc: number): Date | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((digits) => Number(digits ?? 0)) as number[];
  const local = Date.UTC(2000 + (year as number), (month as number) - 1, day, hour, minute, second);
  return new Date(local - minutesAheadOfUtc * 60_000);
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** Writes a receipt's date, `YYMMDDhhmm`, on a clock `minutesAheadOfUtc`. */
export function formatReceiptDate(at: Date, minutesAheadOfUtc: number): string {
  const clock = new Date(at.getTime() + minutesAheadOfUtc * 60_000);
  return (
    two(clock.getUTCFullYear() % 100) +
    two(clock.getUTCMonth() + 1) +
    two(clock.getUTCDate()) +
    two(clock.getUTCHours()) +
    two(clock.getUTCMinutes())
  );
}
