/** Every way that the platform knows to write the digits from 0 to 9, but the one that is no decimal system. */
const digits = new Map(
  Intl.supportedValuesOf('numberingSystem')
    .filter((system) => system !== 'hanidec')
    .flatMap((numberingSystem) =>
      [...'0123456789'].map((digit) => [new Intl.NumberFormat('en', { numberingSystem }).format(Number(digit)), digit]),
    ),
);
const unseen = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]/g;
const words = /^(?:(?:tel|phone|ph|mobile|mob|मोबाइल|मो)[.: ]*)+/i;

/** One number, with nothing but what may stand around and inside it. */
function single(text: string): string | null {
  const plain = text
    .trim()
    .replace(/^(?:'|="|")|"$/g, '')
    .replace(words, '')
    .replace(/^(\d+)\.0+$/, '$1');
  const [, number] = /^(?:\+91|91|091|0091)?0?([6-9]\d{9})$/.exec(plain.replace(/[\s().,/–-]/g, '')) ?? [];
  return number === undefined || new Set(number).size === 1 ? null : number;
}

/**
 * The rule of docs/how-to/import-your-district.md, written down a second time: ten digits, the first 6 to 9, not all the same, however people
 * write them; of two numbers the first.
 */
export function mobileOf(written: string): string | null {
  const text = [...written.replace(unseen, '')].map((character) => digits.get(character) ?? character).join('');
  const whole = single(text.replaceAll('＋', '+'));
  if (whole !== null) return whole;
  const [first = '', second = ''] = text.split(/[,;/|&]| or | या /);
  if (/\d\D*\d/.test(second) && !/[^\d\s().+-]/.test(second.trim().replace(words, ''))) return single(first);
  const halves = [...text.matchAll(/ /g)].map(({ index }) => [text.slice(0, index), text.slice(index)] as const);
  const [pair] = halves.filter(([one, other]) => single(one) !== null && single(other) !== null);
  return pair === undefined ? null : single(pair[0]);
}
