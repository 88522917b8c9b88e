const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const DISTANCE = /^(\d{1,5})([mhd])$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Reads since when: so long before `now` (30m, 2h, 3d), or an instant of RFC 3339 with its offset; null for anything else. */
export function sinceOf(text: string, now: Date): Date | null {
  const [, count, unit = ''] = DISTANCE.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (unitMs[unit] ?? 0));
  const at = INSTANT.test(text) ? new Date(text) : new Date(Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}
