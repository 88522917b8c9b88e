export { type BlindIndexKey, blindIndex, parseBlindIndexKey } from './blind-index.ts';
export { INNOCENT_UUID, isUuid, newId } from './id.ts';
export { type CivilDate, isSameIstDay, istClock, istDate, istDay, istDayMonth } from './indian-time.ts';
export {
  type MobileNumber,
  type MobileNumberRule,
  maskMobileNumber,
  type ParsedMobileNumber,
  parseMobileNumber,
} from './mobile-number.ts';
export { formatRupees, type Paise, paise } from './money.ts';
export { type Period, periodContains, periodsOverlap } from './period.ts';
export { openMobileNumbers, SEALED_OCTETS, type SealedNumber, sealMobileNumber } from './seal.ts';
export { parseSealKeys, type SealKeys } from './seal-keys.ts';
