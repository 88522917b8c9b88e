import { countSeptets, ESCAPE_SEPTET, encodeGsm7 } from './gsm-7.ts';
import { encodeUcs2 } from './ucs-2.ts';
import { concatenationHeader } from './user-data-header.ts';

/** How a text's characters become octets. */
export type Coding = 'gsm-7' | 'ucs-2';

/** data_coding of each coding (5.2.19). */
export const dataCodings = { 'gsm-7': 0x00, 'ucs-2': 0x08 } as const satisfies Record<Coding, number>;

/** A text as short messages. With several parts each begins with its user data header. */
export type SegmentedText = { readonly coding: Coding; readonly parts: readonly Buffer[] };

/** What a text costs. `units` are septets (gsm-7) or UTF-16 units (ucs-2). */
export type TextCost = { readonly coding: Coding; readonly units: number; readonly parts: number };

/**
 * Units in the 140 octets of one short message, alone and beside a six-octet header (3GPP TS 23.040, 9.2.3.24.1):
 * 160 septets or 70 UTF-16 units alone; 153 or 67 each when there are several.
 */
export const partUnits = {
  'gsm-7': { alone: 160, each: 153 },
  'ucs-2': { alone: 70, each: 67 },
} as const satisfies Record<Coding, { alone: number; each: number }>;

const MAX_PARTS = 255;

/** Tells whether a cut before `unit` would divide what belongs together: an escape pair, a surrogate pair. */
type Divides = (unit: number) => boolean;

const dividesEscapePair =
  (septets: Buffer): Divides =>
  (unit) =>
    septets[unit - 1] === ESCAPE_SEPTET;

const isBetween = (value: number, low: number, high: number): boolean => value >= low && value <= high;

const dividesSurrogatePair =
  (text: string): Divides =>
  (unit) =>
    isBetween(text.charCodeAt(unit - 1), 0xd800, 0xdbff) && isBetween(text.charCodeAt(unit), 0xdc00, 0xdfff);

/** Ends of the parts, in units; the last is the length. */
function cutUnits(length: number, coding: Coding, divides: Divides): number[] {
  const { alone, each } = partUnits[coding];
  if (length <= alone) return [length];
  const ends: number[] = [];
  for (let end = each; end < length; end += each) {
    if (divides(end)) end--;
    ends.push(end);
  }
  ends.push(length);
  if (ends.length > MAX_PARTS) throw new RangeError(`a text takes at most ${MAX_PARTS} parts`);
  return ends;
}

const withHeaders = (octets: Buffer, ends: readonly number[], octetsPerUnit: number, reference: number): Buffer[] =>
  ends.map((end, index) => {
    const part = octets.subarray((ends[index - 1] ?? 0) * octetsPerUnit, end * octetsPerUnit);
    const header = concatenationHeader({ reference, total: ends.length, number: index + 1 });
    return ends.length === 1 ? part : Buffer.concat([header, part]);
  });

/**
 * Turns a text into the parts that a submit_sm each carries: GSM-7 when every character is in its tables, else UCS-2.
 * One part has no header; several carry an 8-bit concatenation header with `reference` (set esm_class UDHI). No escape
 * pair and no surrogate pair is divided. Throws `RangeError` for more than 255 parts. The octets may be shared by all
 * messages of one text.
 */
export function segment(text: string, reference = 0): SegmentedText {
  const septets = countSeptets(text);
  if (septets !== null) {
    const octets = encodeGsm7(text, septets);
    const ends = cutUnits(septets, 'gsm-7', dividesEscapePair(octets));
    return { coding: 'gsm-7', parts: withHeaders(octets, ends, 1, reference) };
  }
  const ends = cutUnits(text.length, 'ucs-2', dividesSurrogatePair(text));
  return { coding: 'ucs-2', parts: withHeaders(encodeUcs2(text), ends, 2, reference) };
}

/** Counts what `segment` would make of a text, without making it when one part holds it. */
export function textCost(text: string): TextCost {
  const septets = countSeptets(text);
  const coding = septets === null ? 'ucs-2' : 'gsm-7';
  const units = septets ?? text.length;
  return { coding, units, parts: units <= partUnits[coding].alone ? 1 : segment(text).parts.length };
}
