/** One row of the table: a subscription as its service declares it. */
export type SubscriptionRow = {
  readonly subscription: string;
  readonly topic: string;
  readonly heardAs: string;
  readonly group: string;
};

const COLUMNS = ['subscription', 'topic', 'heardAs', 'group'] as const satisfies readonly (keyof SubscriptionRow)[];
const TITLES: SubscriptionRow = { subscription: 'subscription', topic: 'topic', heardAs: 'heard as', group: 'group' };

/** Writes a service's subscriptions as a table of text, one line each, for its log at start-up and for its readers. */
export function describeSubscriptions(rows: readonly SubscriptionRow[]): string {
  const table = [TITLES, ...rows];
  const widths = COLUMNS.map((column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) =>
      COLUMNS.map((column, index) => row[column].padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
