import { makeConnections } from '@bijli/start/town/connections';
import { connectionFields, type ConnectionRow } from '@bijli/start/town/connections';
import { toCsv } from '@bijli/start/town/csv';
import { type NetworkRow, networkFields, type SupplyingNode } from '@bijli/start/town/network';
import { randomFrom } from '@bijli/start/town/random';

const seed = 462;
const [substations, feedersEach, transformersEach] = [20, 10, 50];
const place = { en: 'Long Road', hi: 'लंबी सड़क' };

/** The node of the whole district, and its 10,000 transformers. */
export const DISTRICT_ZONE = 'B-Z';
export const transformerCodes: readonly string[] = layOut().transformers.map(({ code }) => code);

/** Feeders beside the district, which nothing but themselves keeps off: so many, of so many people, each with a mobile of their own. */
export type Beside = { readonly feeders: number; readonly peopleEach: number };
const BESIDE_ZONE = 'B-Y';
/** The code of one of them. */
export function besideFeeder(feeder: number): string {
  return `B-Y-F${feeder}`;
}
const FIRST_MOBILE = 7_300_000_000;
const FIRST_ACCOUNT = 7_000_000_000;

/** The handset of a person beside the district, as an SMSC is told it. */
export function besideHandset({ peopleEach }: Beside, feeder: number, person: number): string {
  return `91${FIRST_MOBILE + feeder * peopleEach + person}`;
}

/** The account number of that person. */
export function besideAccount({ peopleEach }: Beside, feeder: number, person: number): string {
  return String(FIRST_ACCOUNT + feeder * peopleEach + person);
}

/** Two files as a utility would hand them over; every row of them can be taken. */
export type DistrictFiles = { readonly network: string; readonly connections: string };

/** Makes a district of so many connections on 10,000 transformers. Nothing of it is in the town that `npm start` brings. */
export function makeDistrict(connections: number, beside: Beside = { feeders: 0, peopleEach: 0 }): DistrictFiles {
  const { rows, transformers } = layOut();
  const people = makeConnections(randomFrom(seed), transformers, connections).map((row, index) => ({
    ...row,
    account_number: row.account_number.replace(/^4/, '6'),
    old_account_numbers: row.old_account_numbers && `OLD-${index}`,
  }));
  const feeders = Array.from({ length: beside.feeders }, (_, feeder) => feeder);
  const besideRows = [row(BESIDE_ZONE, 'zone', ''), row('B-Y-SS', 'substation', BESIDE_ZONE)];
  besideRows.push(...feeders.map((feeder) => row(besideFeeder(feeder), 'feeder', 'B-Y-SS')));
  const besidePeople = feeders.flatMap((feeder) => peopleOf(beside, feeder));
  return {
    network: toCsv(networkFields, [...rows, ...besideRows]),
    connections: toCsv(connectionFields, [...people, ...besidePeople]),
  };
}

function peopleOf(beside: Beside, feeder: number): ConnectionRow[] {
  return Array.from({ length: beside.peopleEach }, (_, person) => ({
    account_number: besideAccount(beside, feeder, person),
    category: 'domestic',
    state: 'active',
    node_code: besideFeeder(feeder),
    locality_en: place.en,
    locality_hi: place.hi,
    meter_number: `BY${feeder}-${person}`,
    consumer_name: 'Asha Devi',
    mobile: besideHandset(beside, feeder, person).slice(2),
    language: person % 2 === 0 ? 'hi' : 'en',
    old_account_numbers: '',
  }));
}

function layOut(): { rows: NetworkRow[]; transformers: SupplyingNode[] } {
  const rows: NetworkRow[] = [row(DISTRICT_ZONE, 'zone', '')];
  const transformers: SupplyingNode[] = [];
  for (const substation of codes('B-SS', substations)) {
    rows.push(row(substation, 'substation', DISTRICT_ZONE));
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

function codes(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`);
}

function row(code: string, kind: string, parent_code: string): NetworkRow {
  return { code, kind, parent_code, name_en: place.en, name_hi: place.hi };
}
