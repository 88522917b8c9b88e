import { asWritten, makeMobiles, malformed, type Mobile, pickLanguage } from './mobiles.ts';
import type { SupplyingNode } from './network.ts';
import type { Random } from './random.ts';

/** One row of the connection import. */
export type ConnectionRow = Record<(typeof connectionFields)[number], string>;

export const connectionFields = [
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
] as const;

const withoutNumberShare = 0.12;
const malformedShare = 0.03;
const feederOnlyShare = 0.04; // where nobody knows yet which transformer supplies it
const oldNumberShare = 0.1;
const firstAccount = 4_100_000_000;

const critical = [
  'hospital',
  'hospital',
  'hospital',
  'waterworks',
  'waterworks',
  'life-support',
  'life-support',
  'life-support',
];

const institutions: Record<string, string> = { hospital: 'District Hospital', waterworks: 'Jal Nigam Pump House' };

type Contact = { readonly mobile: string; readonly language: 'hi' | 'en' };

/** Makes the town's connections, spread evenly over its transformers. */
export function makeConnections(
  random: Random,
  transformers: readonly SupplyingNode[],
  count: number,
): ConnectionRow[] {
  const contacts = giveContacts(random, count);
  const criticalAt = new Map(
    random
      .shuffled(Array.from({ length: count }, (_, index) => index))
      .slice(0, critical.length)
      .map((index, place) => [index, critical[place]]),
  );
  let account = firstAccount;
  return Array.from({ length: count }, (_, index) => {
    account += random.integer(1, 9);
    const node = transformers[Math.floor((index * transformers.length) / count)] as SupplyingNode;
    return makeConnection(random, String(account), node, criticalAt.get(index), contacts[index] as Contact);
  });
}

function makeConnection(
  random: Random,
  account: string,
  node: SupplyingNode,
  critical: string | undefined,
  contact: Contact,
): ConnectionRow {
  const house = random.integer(1, 240);
  return {
    account_number: account,
    category: critical ?? random.weighted(categories),
    state: critical ? 'active' : random.weighted(states),
    node_code: random.fraction() < feederOnlyShare ? node.feederCode : node.code,
    locality_en: `${house}, ${node.place.en}`,
    locality_hi: `${house}, ${node.place.hi}`,
    meter_number: `UP${random.integer(10_000_000, 99_999_999)}`,
    consumer_name: institutions[critical ?? ''] ?? `${random.pick(firstNames)} ${random.pick(lastNames)}`,
    mobile: contact.mobile,
    language: contact.language,
    old_account_numbers: random.fraction() < oldNumberShare ? `R${random.integer(100_000, 999_999)}` : '',
  };
}

/** Decides for each connection what stands in its mobile column. A shared mobile is on neighbours, every third one all over the town. */
function giveContacts(random: Random, count: number): Contact[] {
  const places = random.shuffled(Array.from({ length: count }, (_, index) => index));
  const without = Math.round(count * withoutNumberShare);
  const bad = Math.round(count * malformedShare);
  const contacts: Contact[] = new Array(count);
  for (const place of places.slice(0, without)) contacts[place] = { mobile: '', language: pickLanguage(random) };
  for (const place of places.slice(without, without + bad))
    contacts[place] = { mobile: malformed(random), language: pickLanguage(random) };
  const free = places.slice(without + bad).toSorted((left, right) => left - right);
  for (const [index, mobile] of makeMobiles(random, free.length).entries()) {
    for (const place of takePlaces(random, free, mobile, index % 3 === 2)) {
      contacts[place] = { mobile: asWritten(random, mobile.number), language: mobile.language };
    }
  }
  return contacts;
}

function takePlaces(random: Random, free: number[], { connections }: Mobile, anywhere: boolean): number[] {
  if (!anywhere) return free.splice(0, connections);
  return Array.from({ length: connections }, () => free.splice(random.integer(0, free.length - 1), 1)[0] as number);
}

const categories = [
  ['domestic', 84],
  ['commercial', 10],
  ['agriculture', 4],
  ['industrial', 2],
] as const;

const states = [
  ['active', 97],
  ['disconnected', 2],
  ['closed', 1],
] as const;

const firstNames = [
  'Asha',
  'Ram',
  'Shabana',
  'Vijay',
  'Sunita',
  'Imran',
  'Kamla',
  'Suresh',
  'Rekha',
  'Mohan',
  'Farida',
  'Dinesh',
] as const;
const lastNames = ['Devi', 'Kumar', 'Khan', 'Singh', 'Sharma', 'Yadav', 'Gupta', 'Ansari', 'Verma', 'Saxena'] as const;
