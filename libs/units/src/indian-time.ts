/** A civil date in India. `month` 1 to 12. */
export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

/** Indian Standard Time is 5 h 30 min ahead of UTC all year, everywhere in India, without summer time since 1945. */
const AHEAD_OF_UTC_MS = 5.5 * 60 * 60 * 1000;

/** The instant moved so that its UTC fields read as the Indian clock: exact, without locale data. */
const shifted = (at: Date): Date => new Date(at.getTime() + AHEAD_OF_UTC_MS);

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Gives the civil date in India at an instant. */
export function istDate(at: Date): CivilDate {
  const clock = shifted(at);
  return { year: clock.getUTCFullYear(), month: clock.getUTCMonth() + 1, day: clock.getUTCDate() };
}

/** Writes day and month in India at an instant, as texts to consumers show it: `30-01`. */
export function istDayMonth(at: Date): string {
  const { day, month } = istDate(at);
  return `${twoDigits(day)}-${twoDigits(month)}`;
}

/** Writes the Indian wall clock at an instant, 24 hours: `14:05`. Seconds are cut off. */
export function istClock(at: Date): string {
  const clock = shifted(at);
  return `${twoDigits(clock.getUTCHours())}:${twoDigits(clock.getUTCMinutes())}`;
}

/** Writes the civil date in India at an instant as ISO 8601: `2026-01-30`. */
export function istDay(at: Date): string {
  return shifted(at).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** Tells whether two instants fall on one civil day in India. */
export function isSameIstDay(one: Date, other: Date): boolean {
  return istDay(one) === istDay(other);
}
