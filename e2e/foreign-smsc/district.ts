/** Files of a small district of the test's own, as `npm run import` takes them. */
export interface District {
  network: string;
  connections: string;
}

const nodes = [
  ['Z-9', 'zone', ''],
  ['C-9', 'circle', 'Z-9'],
  ['D-9', 'division', 'C-9'],
  ['SD-9', 'sub-division', 'D-9'],
  ['SS-9', 'substation', 'SD-9'],
  ['F-91', 'feeder', 'SS-9'],
  ['F-92', 'feeder', 'SS-9'],
  ['DT-911', 'distribution-transformer', 'F-91'],
  ['DT-912', 'distribution-transformer', 'F-91'],
  ['DT-921', 'distribution-transformer', 'F-92'],
] as const;
const transformers = ['DT-911', 'DT-912', 'DT-921'];

/**
 * Makes 54 connections on three transformers, two of them on feeder F-91: Hindi and English, some on one mobile, some without a
 * number, some disconnected.
 */
export function smallDistrict(): District {
  const network = nodes.map(([code, kind, parent]) => [code, kind, parent, `Node ${code}`, `केंद्र ${code}`]);
  const connections = Array.from({ length: 54 }, (_, n) => [
    String(9_100_000_000 + n),
    'domestic',
    n % 13 === 12 ? 'disconnected' : 'active',
    transformers[n % transformers.length] ?? '',
    'Mill Road',
    'मिल रोड',
    `UP${n}`,
    'Asha Devi',
    mobileOf(n),
    n % 4 === 3 ? 'en' : 'hi',
    '',
  ]);
  return {
    network: csv(['code', 'kind', 'parent_code', 'name_en', 'name_hi'], network),
    connections: csv(connectionColumns, connections),
  };
}

const connectionColumns = [
  'account_number',
  'category',
  'state',
  'node_code',
  'locality_en',
  'locality_hi',
  'meter_number',
  'consumer_name',
  'mobile',
  'language',
  'old_account_numbers',
];

/** Every ninth has no number; every seventh shares one with the neighbour of its own transformer. */
function mobileOf(n: number): string {
  if (n % 9 === 8) return '';
  const holder = n % 7 === 6 ? n - transformers.length : n;
  return String(9_812_300_000 + holder);
}

function csv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}
