import { type ConnectionRow, connectionFields, makeConnections } from './town/connections.ts';
import { toCsv } from './town/csv.ts';
import { layOutNetwork, type NetworkRow, networkFields } from './town/network.ts';
import { randomFrom } from './town/random.ts';

const townSeed = 1;
const townConnections = 5_000;

/** A town as its utility would hand it over: its network and who is connected to it. */
export type Town = { readonly network: NetworkRow[]; readonly connections: ConnectionRow[] };

/**
 * Makes a town to try things on, the same for the same seed: 12 % of its connections have no mobile number and 3 % one that is none,
 * 8 % of its mobiles are on 2 to 40 connections, 80 % of its people read Hindi.
 */
export function makeTown(seed = townSeed, connections = townConnections): Town {
  const { rows, transformers } = layOutNetwork();
  return { network: rows, connections: makeConnections(randomFrom(seed), transformers, connections) };
}

/** Writes a town as the two files that consumer-registry imports. */
export function townCsv(town: Town): { network: string; connections: string } {
  return { network: toCsv(networkFields, town.network), connections: toCsv(connectionFields, town.connections) };
}
