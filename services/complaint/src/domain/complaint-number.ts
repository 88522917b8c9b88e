/** Seven digits number every complaint of a year, up to 19 in each of its minutes. */
const DIGITS = 7;

/** Writes the number that the consumer is given: `CMP-2026-0004217`. `place` counts from 1 within the year. */
export function complaintNumber(year: number, place: number): string {
  return `CMP-${year}-${String(place).padStart(DIGITS, '0')}`;
}
