/** Writes rows as CSV (RFC 4180, lines end in a line feed) under a header of their field names. */
export function toCsv<Row extends Record<string, string>>(
  fields: readonly (keyof Row & string)[],
  rows: readonly Row[],
): string {
  const lines = rows.map((row) => fields.map((field) => quote(row[field] ?? '')).join(','));
  return `${[fields.join(','), ...lines].join('\n')}\n`;
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
