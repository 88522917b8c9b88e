import { parseBlindIndexKey, parseSealKeys } from '@bijli/units';
import type { connectionColumns, networkColumns } from '../src/domain/connection-row.ts';

/** Keys of tests. */
export const keys = {
  sealKeys: parseSealKeys(`test:${'5a'.repeat(32)}`),
  blindIndexKey: parseBlindIndexKey('a5'.repeat(32)),
};

type ConnectionCells = Partial<Record<(typeof connectionColumns)[number], string>>;
type NodeCells = Partial<Record<(typeof networkColumns)[number], string>>;

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const csv = (columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string =>
  [columns, ...rows.map((row) => columns.map((column) => cell(row[column] ?? '')))]
    .map((cells) => `${cells.join()}\n`)
    .join('');

const connectionDefaults = {
  account_number: '4100000001',
  category: 'domestic',
  state: 'active',
  node_code: 'DT-1',
  locality_en: 'Station Road',
  locality_hi: 'स्टेशन रोड',
  meter_number: 'UP1',
  consumer_name: 'Asha Devi',
  mobile: '9876543210',
  language: 'hi',
  old_account_numbers: '',
};

/** A file of connections; what a row does not say is that of a lawful one, on node DT-1. */
export function connectionFile(...rows: readonly ConnectionCells[]): string {
  return csv(
    Object.keys(connectionDefaults),
    rows.map((row) => ({ ...connectionDefaults, ...row })),
  );
}

const nodeDefaults = { code: 'Z-1', kind: 'zone', parent_code: '', name_en: 'Node', name_hi: 'बिंदु' };

/** A file of nodes; what a row does not say is that of a zone. */
export function networkFile(...rows: readonly NodeCells[]): string {
  return csv(
    Object.keys(nodeDefaults),
    rows.map((row) => ({ ...nodeDefaults, ...row })),
  );
}

/** A small network from its zone to two transformers, DT-1 on feeder F-1 and DT-2 on F-2. */
export const smallNetwork = networkFile(
  { code: 'Z-1' },
  { code: 'C-1', kind: 'circle', parent_code: 'Z-1' },
  { code: 'D-1', kind: 'division', parent_code: 'C-1' },
  { code: 'SD-1', kind: 'sub-division', parent_code: 'D-1' },
  { code: 'SS-1', kind: 'substation', parent_code: 'SD-1' },
  { code: 'F-1', kind: 'feeder', parent_code: 'SS-1' },
  { code: 'F-2', kind: 'feeder', parent_code: 'SS-1' },
  { code: 'DT-1', kind: 'distribution-transformer', parent_code: 'F-1' },
  { code: 'DT-2', kind: 'distribution-transformer', parent_code: 'F-2' },
);

/** A text as an upload. */
export async function* upload(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
