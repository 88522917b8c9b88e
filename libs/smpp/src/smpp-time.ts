const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/**
 * SMPP 3.4, 7.1.1.1 Absolute time format: `YYMMDDhhmmsstnnp`
 *
 *     | YY MM DD hh mm ss | year 00 to 99, month, day, hour, minute, second      |
 *     | t                 | tenths of a second                                  |
 *     | nn                | difference from UTC in quarter hours, 00 to 48      |
 *     | p                 | '+' local time is ahead of UTC, '-' behind, 'R' relative |
 *
 * Writes an instant in UTC (`nnp` = `00+`), cut to the tenth: validity_period, schedule_delivery_time.
 */
export function absoluteTime(at: Date): string {
  return (
    two(at.getUTCFullYear() % 100) +
    two(at.getUTCMonth() + 1) +
    two(at.getUTCDate()) +
    two(at.getUTCHours()) +
    two(at.getUTCMinutes()) +
    two(at.getUTCSeconds()) +
    Math.trunc(at.getUTCMilliseconds() / 100) +
    '00+'
  );
}

const ABSOLUTE = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([+-])$/;
const QUARTER_HOUR_MS = 15 * 60 * 1000;

/** Reads an absolute time (7.1.1.1, years 2000 to 2099); null for a relative one or anything else. */
export function parseAbsoluteTime(text: string): Date | null {
  const match = ABSOLUTE.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second, tenth, quarters] = match.slice(1, 9).map(Number) as number[];
  const local = Date.UTC(
    2000 + (year as number),
    (month as number) - 1,
    day,
    hour,
    minute,
    second,
    (tenth as number) * 100,
  );
  const ahead = (quarters as number) * QUARTER_HOUR_MS * (match[9] === '+' ? 1 : -1);
  return new Date(local - ahead);
}
