import { readFileSync } from 'node:fs';
import type { Row } from './csv.ts';

const categories: Readonly<Record<string, string>> = {
  घरेलू: 'domestic',
  वाणिज्यिक: 'commercial',
  कृषि: 'agriculture',
  अस्पताल: 'hospital',
};
const states: Readonly<Record<string, string>> = { चालू: 'active', विच्छेदित: 'disconnected', बंद: 'closed' };
const languages: Readonly<Record<string, string>> = { हिंदी: 'hi', अंग्रेजी: 'en' };
const longestText = 200;
/** Controls, and marks that turn the direction of a text. */
const unfit = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

/** Reads an export divided by `;` under Hindi headings, as it is. */
export function readOwnFormat(path: string): Row[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(';');
  return lines.map((line) => {
    const cells = line.split(';');
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
}

/** An account number without the marks of a spreadsheet, in Latin digits. */
function accountOf(written: string): string {
  const latin = [...written].map((c) => (c >= '०' && c <= '९' ? String(c.charCodeAt(0) - 0x0966) : c)).join('');
  return latin.replaceAll(' ', '').replace(/^'/, '').replace(/\.0$/, '');
}

/**
 * The connections that such an export means, as rows of a town: those that a reader of the rules takes, each account once, the first of
 * its lines. Nothing here knows codes: a connection hangs on the names of its substation and feeder.
 */
export function lawfulConnections(rows: readonly Row[]): Row[] {
  const taken = new Set<string>();
  return rows.flatMap((row) => {
    const account = accountOf(row['खाता संख्या'] ?? '');
    const [category, state] = [categories[row['श्रेणी'] ?? ''], states[row['स्थिति'] ?? '']];
    const language = row['भाषा'] === '' ? 'hi' : languages[row['भाषा'] ?? ''];
    const texts = [row['नाम'] ?? '', row['मोहल्ला'] ?? '', row['मीटर'] ?? ''];
    const isFit = texts.every((text) => text.length <= longestText && !unfit.test(text));
    const isKnown = category !== undefined && state !== undefined && language !== undefined;
    if (!/^[0-9]{10}$/.test(account) || taken.has(account) || !isKnown || !isFit) return [];
    taken.add(account);
    const feeder = `${row['फीडर']} (${row['उपकेंद्र']})`;
    return [{ account_number: account, state, language, feeder, mobile: row['मोबाइल'] ?? '' }];
  });
}
