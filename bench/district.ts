import { makeConnections } from '@bijli/start/town/connections';
import { connectionFields } from '@bijli/start/town/connections';
import { toCsv } from '@bijli/start/town/csv';
import { type NetworkRow, networkFields, type SupplyingNode } from '@bijli/start/town/network';
import { randomFrom } from '@bijli/start/town/random';

const seed = 462;
const [substations, feedersEach, transformersEach] = [20, 10, 50];
const place = { en: 'Long Road', hi: 'लंबी सड़क' };

/** Two files as a utility would hand them over; every row of them can be taken. */
export type DistrictFiles = { readonly network: string; readonly connections: string };

/** Makes a district of so many connections on 10,000 transformers. Nothing of it is in the town that `npm start` brings. */
export function makeDistrict(connections: number): DistrictFiles {
  const { rows, transformers } = layOut();
  const people = makeConnections(randomFrom(seed), transformers, connections).map((row, index) => ({
    ...row,
    account_number: row.account_number.replace(/^4/, '6'),
    old_account_numbers: row.old_account_numbers && `OLD-${index}`,
  }));
  return { network: toCsv(networkFields, rows), connections: toCsv(connectionFields, people) };
}

function layOut(): { rows: NetworkRow[]; transformers: SupplyingNode[] } {
  const rows: NetworkRow[] = [row('B-Z', 'zone', '')];
  const transformers: SupplyingNode[] = [];
  for (const substation of codes('B-SS', substations)) {
    rows.push(row(substation, 'substation', 'B-Z'));
    for (const feederCode of codes(`${substation}-F`, feedersEach)) {
      rows.push(row(feederCode, 'feeder', substation));
      for (const code of codes(`${feederCode}-DT`, transformersEach)) {
        rows.push(row(code, 'distribution-transformer', feederCode));
        transformers.push({ code, feederCode, place });
      }
    }
  }
  return { rows, transformers };
}

const codes = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`);

const row = (code: string, kind: string, parent_code: string): NetworkRow => ({
  code,
  kind,
  parent_code,
  name_en: place.en,
  name_hi: place.hi,
});
