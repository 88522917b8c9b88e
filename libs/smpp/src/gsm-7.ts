/**
 * GSM 7-bit default alphabet: 3GPP TS 23.038 (GSM 03.38), 6.2.1. Position = code.
 * SMSCs take it unpacked, one septet an octet (data_coding 0).
 */
const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅå' +
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
  ' !"#¤%&\'()*+,-./' +
  '0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmno' +
  'pqrstuvwxyzäöñüà';

/** Extension table: 3GPP TS 23.038, 6.2.1.1. Each is sent as escape and code, so it costs two septets. */
const EXTENSION_TABLE: readonly (readonly [code: number, character: string])[] = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
];

/** The septet that announces a character of the extension table. */
export const ESCAPE_SEPTET = 0x1b;

const NOT_GSM_7 = 0xffff;
const EXTENDED = 0x100;

/** UTF-16 unit → septet, EXTENDED + septet, or NOT_GSM_7. '€' (U+20AC) is the highest character of both tables. */
const septetOfUnit = new Uint16Array(0x20ac + 1).fill(NOT_GSM_7);
for (const [septet, character] of [...DEFAULT_ALPHABET].entries()) septetOfUnit[character.charCodeAt(0)] = septet;
for (const [septet, character] of EXTENSION_TABLE) septetOfUnit[character.charCodeAt(0)] = EXTENDED | septet;
// The escape itself is no character: a text that holds U+001B is not GSM-7.
septetOfUnit[ESCAPE_SEPTET] = NOT_GSM_7;

const extensionCharacters = new Map(EXTENSION_TABLE);

const codeOf = (text: string, index: number): number => septetOfUnit[text.charCodeAt(index)] ?? NOT_GSM_7;

/** Counts the septets a text takes in the default alphabet; null when a character is in neither table. */
export function countSeptets(text: string): number | null {
  let septets = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = codeOf(text, index);
    if (code === NOT_GSM_7) return null;
    if (code >= EXTENDED) septets++;
  }
  return septets;
}

/** Encodes a text of known `septets` (from `countSeptets`), one septet an octet. */
export function encodeGsm7(text: string, septets: number): Buffer {
  const octets = Buffer.allocUnsafe(septets);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const code = codeOf(text, index);
    if (code >= EXTENDED) octets[at++] = ESCAPE_SEPTET;
    octets[at++] = code;
  }
  return octets;
}

/**
 * Decodes one septet an octet. As a handset does (TS 23.038, 6.2.1 note 1 and 6.2.1.1): an escape before a code that is
 * not in the extension table reads as that code's default character, a second escape as a space. An octet above 0x7F,
 * which no septet can be, reads as U+FFFD.
 */
export function decodeGsm7(octets: Buffer): string {
  let text = '';
  for (let at = 0; at < octets.length; at++) {
    const septet = octets[at] as number;
    if (septet !== ESCAPE_SEPTET) text += DEFAULT_ALPHABET[septet] ?? '\ufffd';
    else if (octets[++at] === ESCAPE_SEPTET) text += ' ';
    else if (at < octets.length) text += afterEscape(octets[at] as number);
  }
  return text;
}

const afterEscape = (septet: number): string => extensionCharacters.get(septet) ?? DEFAULT_ALPHABET[septet] ?? '\ufffd';
