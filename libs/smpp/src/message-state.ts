/** State of a message: SMPP 3.4, 5.2.28 message_state; the words are those of a receipt's text (appendix B). */
export const messageStates = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
} as const;

/** A state's word in a receipt. */
export type MessageState = keyof typeof messageStates;

/** SMPP 5.0, 4.7.15 adds a state before the first of 3.4. */
const SCHEDULED = 0;

const wordByValue = new Map<number, string>([
  [SCHEDULED, 'SCHEDULED'],
  ...Object.entries(messageStates).map(([word, value]) => [value, word] as const),
]);

/** Names a message_state; null when it is none of the specification's. */
export function wordOfState(value: number): string | null {
  return wordByValue.get(value) ?? null;
}

/**
 * How SMSCs spell the words, longer or shorter than the seven letters of appendix B. What is delivered or still under way
 * is told by the whole word: `DELIVERY_FAILED` begins like `DELIVERED` and is the contrary.
 */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/^DELIV(?:E?RE?D)?$/, 'DELIVRD'],
  [/^EN_?ROUTE/, 'ENROUTE'],
  [/^ACCEPT(?:D|ED)$/, 'ACCEPTD'],
  [/^SCHEDULED$/, 'SCHEDULED'],
  [/^EXPIR/, 'EXPIRED'],
  [/^DELET/, 'DELETED'],
  [/^UNDEL/, 'UNDELIV'],
  [/^REJEC/, 'REJECTD'],
  [/^UNKNO/, 'UNKNOWN'],
];

const MAX_WORD_LENGTH = 20;

/**
 * Reads a state's word as SMSCs spell it, also when more stands behind it. A word of nobody's specification comes back in
 * capitals, without anything but A to Z, `_` and `-`, so that it can be shown and counted: a digit in it may be somebody's
 * number.
 */
export function messageWord(stat: string): { word: string; isKnown: boolean } {
  const letters = stat
    .slice(0, 2 * MAX_WORD_LENGTH)
    .trim()
    .toUpperCase()
    .replaceAll(/\s+/g, '_')
    .replaceAll(/[^A-Z_-]/g, '')
    .slice(0, MAX_WORD_LENGTH);
  const known = knownWord(letters) ?? knownWord(letters.split('_')[0] ?? '');
  if (known !== undefined) return { word: known, isKnown: true };
  return { word: /[A-Z]/.test(letters) ? letters : 'UNKNOWN', isKnown: false };
}

const knownWord = (letters: string): string | undefined => spellings.find(([spelling]) => spelling.test(letters))?.[1];
