import { cleanAccountNumber, hasControlCharacter, mentionsMobileNumber } from '@bijli/units';
import { z } from 'zod';

/** An instant on the wire: RFC 3339 with seconds and an offset (`Z` or `+05:30`); parsed to a Date. A time without offset is refused. */
export const instant = z
  .string()
  .max(40)
  .refine(isRfc3339, {
    error: 'Write a time as RFC 3339 with its offset, for example 2026-01-30T14:05:00+05:30',
    params: { rule: 'instant' },
  })
  .transform((text) => new Date(text))
  .meta({
    type: 'string',
    format: 'date-time',
    maxLength: 40,
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$',
    description: 'RFC 3339 with seconds and offset, for example 2026-01-30T14:05:00+05:30',
  });

/** An instant in an answer: UTC with milliseconds. */
export const instantText = z
  .string()
  .meta({ format: 'date-time', description: 'UTC, RFC 3339 with milliseconds', example: '2026-01-30T08:35:00.000Z' });

const RFC_3339 = z.iso.datetime({ offset: true });
const HAS_SECONDS = /T\d\d:\d\d:\d\d/;

function isRfc3339(text: string): boolean {
  return HAS_SECONDS.test(text) && RFC_3339.safeParse(text).success;
}

/**
 * An account number that a person wrote or pasted: cleaned of spaces, marks that nobody sees and what spreadsheets add (`cleanAccountNumber`),
 * then held against the pattern. The schema gives the cleaned one.
 */
export function accountNumberAs(pattern: RegExp, words: string) {
  return z.string().overwrite(cleanAccountNumber).regex(pattern, words);
}

/**
 * A text that an operator writes and others read: why something was stopped, who did it. It holds no mobile number, in no digits and however spaced,
 * and nothing that ends a line or turns the direction of a text around.
 */
export function operatorText(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => /[\p{L}\p{N}]/u.test(text), { error: 'Write a word', params: { rule: 'required' } })
    .refine((text) => !hasControlCharacter(text), {
      error: 'Write no control characters, line ends or marks of direction',
      params: { rule: 'control-character' },
    })
    .refine((text) => !mentionsMobileNumber(text), {
      error: 'Write no mobile number: this text is kept and shown',
      params: { rule: 'mobile-number' },
    });
}

/**
 * Value of `Idempotency-Key`: 1 to 255 visible ASCII characters, chosen by the caller, one for each thing meant. How long answers are
 * kept is libs/outbox's to say; a test holds the two together.
 */
export const idempotencyKey = z
  .string()
  .regex(/^[!-~]{1,255}$/, 'Use 1 to 255 visible ASCII characters')
  .meta({
    minLength: 1,
    maxLength: 255,
    description:
      'A key of your own for this one thing, for example its number in your system. The same key with the same request is done once and ' +
      'answered as the first time; with another request it is refused (422 `key-reused`). A key counts for this operation only: on ' +
      'another operation, or at another service, it is another key. Answers are kept for 7 days at least; refusals are not kept, so a ' +
      'request that was mended may go again under its key.',
  });

/** Member of the answers of all that changes something: whether it did. What is refused is a problem instead. */
export const isChanged = z.boolean().meta({
  description: 'false where all was so already: no event came of it, and nobody is told anything',
  example: true,
});

/** Rows on a page where the caller does not say. */
const DEFAULT_PAGE = 50;
/** Most rows on a page. */
const MAX_PAGE = 200;

/** Query fields of a list: `limit` from 1 to 200 (default 50), and the `nextCursor` of the page before. Spread them into a strict object. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'Write a whole number')
    .transform(Number)
    .refine((rows) => rows <= MAX_PAGE, { error: `At most ${MAX_PAGE}`, params: { rule: 'maximum' } })
    .meta({ type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE, description: 'Rows on a page' })
    .default(DEFAULT_PAGE),
  cursor: z
    .string()
    .max(512)
    .regex(/^[A-Za-z0-9_-]+$/, 'Use the nextCursor of the page before')
    .meta({
      description:
        '`nextCursor` of the page before, unchanged; absent for the first page. Anything else is answered 400. It is opaque: what it ' +
        'holds may change.',
    })
    .optional(),
};

/** Makes an opaque cursor from the sort key of a page's last row. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads a cursor back; null where it is not one that `encodeCursor` made with so many parts. */
export function decodeCursor(cursor: string, parts: number): (string | number)[] | null {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isKey =
      Array.isArray(key) &&
      key.length === parts &&
      key.every((part) => typeof part === 'string' || typeof part === 'number');
    return isKey ? (key as (string | number)[]) : null;
  } catch {
    return null;
  }
}

/** Makes the entity tag of a version: `"3"`. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

const ENTITY_TAG = /^"[1-9][0-9]{0,14}"$/;

/** Value of `If-Match` where a version is meant: `"3"`, parsed to the number. */
export const ifMatch = z
  .string()
  .regex(ENTITY_TAG, 'Send the ETag of the answer that you saw, for example "3"')
  .transform((tag) => Number(tag.slice(1, -1)))
  .meta({
    type: 'string',
    pattern: ENTITY_TAG.source,
    description:
      'The ETag of the answer that the change is based on, for example `"3"`, in its quotation marks; where it has changed since, the ' +
      'request is refused. Absent: the change is made whatever the version. Lists of tags, `W/` and `*` are refused.',
  });
