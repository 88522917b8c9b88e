import { maskMobileNumber, openMobileNumbers, type SealKeys } from '@bijli/units';

/** Shows a sealed number to a person: its first and last two digits; null where there is none. */
export function maskedNumber(
  keys: SealKeys,
  number: { readonly sealed: Buffer; readonly keyId: string } | null,
): string | null {
  if (number === null) return null;
  const [opened] = openMobileNumbers(keys, number.keyId, number.sealed);
  return opened === undefined ? null : maskMobileNumber(opened);
}
