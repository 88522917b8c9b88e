import { plainText } from '@bijli/units';

const MOBILE_DIGITS = 10;

/**
 * Gives the digits of what a person typed, the last ten at most, whichever script they are written in: `८३५३८`, `٨٣٥٣٨` and `83538` are
 * the same. Empty where there is none.
 */
export function soughtDigits(typed: string): string {
  return plainText(typed).replace(/\D/g, '').slice(-MOBILE_DIGITS);
}
