import { parseMobileNumber } from '@bijli/units';
import { makeTown, type Town } from '@bijli/start/town';
import type { Ask } from './ask.ts';

/** Somebody in the town whose handset we watch. */
export type Person = {
  readonly accountNumber: string;
  readonly mobile: string;
  readonly language: 'hi' | 'en';
  readonly feeder: string;
};
/** The feeder that goes dark, and two neighbours on it who read their texts in different languages. */
export type Cast = {
  readonly feeder: { code: string; nameEn: string; nameHi: string };
  readonly hindi: Person;
  readonly english: Person;
};

/**
 * Chooses whom the story is about: a feeder without an open outage, and on it two people, each on one connection only.
 * @throws Error when the demonstration town is not in the system, or every feeder is dark already.
 */
export async function chooseCast(ask: Ask, town: Town = makeTown(), chance: () => number = Math.random): Promise<Cast> {
  const people = peopleOf(town);
  const dark = await darkNodes(ask);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(chance() * from.length)];
  const feeders = town.network.filter(({ code, kind }) => kind === 'feeder' && !dark.has(code));
  for (const row of shuffled(feeders, chance)) {
    const there = people.filter(({ feeder }) => feeder === row.code);
    const hindi = pick(there.filter(({ language }) => language === 'hi'));
    const english = pick(there.filter(({ language }) => language === 'en'));
    if (hindi === undefined || english === undefined) continue;
    await ask('GET', 'consumer-registry', `/v1/connections/${hindi.accountNumber}`).catch((cause: unknown) => {
      throw new Error('the demonstration town is not in this system: npm start brings it in where there is no other', {
        cause,
      });
    });
    return { feeder: { code: row.code, nameEn: row.name_en, nameHi: row.name_hi }, hindi, english };
  }
  throw new Error('every feeder of the town has an open outage: restore one, or npm start -- --fresh');
}

/** People who can be told, on one connection only, so that each text they get is about that one. */
export function peopleOf({ network, connections }: Town): Person[] {
  const parentOf = new Map(network.map(({ code, parent_code }) => [code, parent_code]));
  const kindOf = new Map(network.map(({ code, kind }) => [code, kind]));
  const reachable = connections.flatMap((row) => {
    const mobile = parseMobileNumber(row.mobile);
    const feeder = kindOf.get(row.node_code) === 'feeder' ? row.node_code : parentOf.get(row.node_code);
    if (!mobile.ok || row.state !== 'active' || feeder === undefined) return [];
    const language = row.language === 'en' ? ('en' as const) : ('hi' as const);
    return [{ accountNumber: row.account_number, mobile: String(mobile.number), language, feeder }];
  });
  const onMobile = Map.groupBy(reachable, ({ mobile }) => mobile);
  return reachable.filter(({ mobile }) => onMobile.get(mobile)?.length === 1);
}

type Listed = { readonly items: { id: string }[] };

async function darkNodes(ask: Ask): Promise<Set<string>> {
  const lists = await Promise.all(
    ['open', 'announced'].map((status) => ask<Listed>('GET', 'outage', `/v1/outages?status=${status}&limit=100`)),
  );
  const ids = lists.flatMap(({ items }) => items.map(({ id }) => id));
  const outages = await Promise.all(ids.map((id) => ask<{ nodeIds: string[] }>('GET', 'outage', `/v1/outages/${id}`)));
  return new Set(outages.flatMap(({ nodeIds }) => nodeIds));
}

function shuffled<T>(from: readonly T[], chance: () => number): T[] {
  return from
    .map((each) => ({ each, at: chance() }))
    .sort((one, other) => one.at - other.at)
    .map(({ each }) => each);
}
