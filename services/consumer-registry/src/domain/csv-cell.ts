const ESCAPED = /[",\r\n]/;
/** What a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Writes a cell of a CSV file that people open in a spreadsheet: quoted where RFC 4180 wants it, and
 * a text that begins like a formula is made a text by an apostrophe.
 */
export function csvCell(text: string): string {
  if (FORMULA.test(text)) return `"'${text.replaceAll('"', '""')}"`;
  return ESCAPED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
