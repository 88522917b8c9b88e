import { istDate } from '@bijli/units';

/** A civil date as it is written; whether there is such a day is another question. */
export const CIVIL_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const DAY_MS = 24 * 3_600_000;
const FEBRUARY = 2;
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Counts the days from 1970-01-01 to a date, written as `2026-01-30`; null where the text is no date that there is. */
export function dayOf(text: string): number | null {
  if (!CIVIL_DATE.test(text)) return null;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return day >= 1 && day <= daysOf(month, year) ? countDays(year, month, day) : null;
}

/** Counts the days from 1970-01-01 to the civil date in India at an instant. */
export function istDayOf(at: Date): number {
  const { year, month, day } = istDate(at);
  return countDays(year, month, day);
}

/** JavaScript takes years below 100 for those of the 20th century: as long ago for us. */
function countDays(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function daysOf(month: number, year: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (DAYS_OF_MONTHS[month - 1] ?? 0) + (month === FEBRUARY && isLeap ? 1 : 0);
}
