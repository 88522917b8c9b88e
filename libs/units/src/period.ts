/** A half-open span of time: `from` belongs to it, `to` does not; `to` null means that it is still open. */
export type Period = { readonly from: Date; readonly to: Date | null };

const endOf = (period: Period): number => period.to?.getTime() ?? Number.POSITIVE_INFINITY;

/** Tells whether an instant lies in a period. An empty or reversed period contains nothing. */
export function periodContains(period: Period, at: Date): boolean {
  return period.from.getTime() <= at.getTime() && at.getTime() < endOf(period);
}

/** Tells whether two periods have an instant in common; periods that only touch do not overlap. */
export function periodsOverlap(one: Period, other: Period): boolean {
  return Math.max(one.from.getTime(), other.from.getTime()) < Math.min(endOf(one), endOf(other));
}
