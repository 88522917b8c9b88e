const MOBILE_DIGITS = 10;
const DIGIT = /\p{Nd}/u;

/**
 * Gives the digits of what a person typed, the last ten at most, whichever script they are written in: `८३५३८`, `٨٣٥٣٨` and `83538` are
 * the same. Empty where there is none.
 */
export function soughtDigits(typed: string): string {
  // NFKC makes plain digits of the full-width and the mathematical ones.
  const digits = [...typed.normalize('NFKC')].filter((character) => DIGIT.test(character));
  return digits.map(valueOf).join('').slice(-MOBILE_DIGITS);
}

/** A script's digits are ten code points in a row, zero first (Unicode 16, 4.6); the row of another script may touch them. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}
