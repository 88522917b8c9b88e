export { cleanAccountNumber } from './account-number.ts';
export { type BlindIndexKey, blindIndex, parseBlindIndexKey } from './blind-index.ts';
export { hasControlCharacter } from './has-control-character.ts';
export { INNOCENT_UUID, isUuid, newId } from './id.ts';
export { type CivilDate, isSameIstDay, istClock, istDate, istDay, istDayMonth } from './indian-time.ts';
export { mentionsMobileNumber } from './mentions-mobile-number.ts';
export {
  type MobileNumber,
  type MobileNumberRule,
  maskMobileNumber,
  type ParsedMobileNumber,
  parseMobileNumber,
} from './mobile-number.ts';
export { formatRupees, type Paise, paise } from './money.ts';
export { type Period, periodContains, periodsOverlap } from './period.ts';
export { plainText, withoutInvisible } from './plain-text.ts';
export { openMobileNumbers, SEALED_OCTETS, type SealedNumber, sealMobileNumber } from './seal.ts';
export { parseSealKeys, type SealKeys } from './seal-keys.ts';
