import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { until } from '@bijli/testing/until';
import { readCsv } from '../../independent/csv.ts';
import { brokenRecords, foreignWriter } from '../../independent/foreign-records.ts';
import { produceAmongBroken } from '../../produce-records.ts';
import { atMost, exactly, type FaultCase, sumUp, told } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import type { FaultSystem } from '../system.ts';
import { restoreEverything } from '../restore.ts';

const CONTROL_ROOM = 'control-room.outage.v1';
const BILLING_SYSTEM = 'billing-system.account.v1';
const MAX_OCTETS = 262_144; // of the control room's topic
/** A number that nobody has: where it shows, it leaked. */
export const CANARY = '7310559286';

const DELAYED_MS = 1_000; // P9, P18

export const poisonRecords: FaultCase = {
  name: 'records of the control room that nobody can take, each before a good one',
  promise: 'P9, P18',
  isQuick: false,
  play: async (system) => {
    const { write, schemaId } = await foreignWriter(system.urlOf('schema-endpoint'), CONTROL_ROOM);
    const { schemaId: foreignSchemaId } = await foreignWriter(system.urlOf('schema-endpoint'), BILLING_SYSTEM);
    const aside = { foreignSchemaId, maxOctets: MAX_OCTETS, number: CANARY };
    const broken = brokenRecords({ schemaId, write }, report('F-1101'), aside);
    const transformers = readCsv(join(system.folder, 'town/network.csv')).filter(
      (node) => node['kind'] === 'distribution-transformer',
    );
    const good = broken.map((_, n) => report(transformers[n]?.['code'] ?? ''));
    const starts = system.processOf('outage').starts();
    const dead = await deadLettersOf(system);
    await produceAmongBroken(brokersOf(system), CONTROL_ROOM, { write, broken, good });
    const saidAt = Date.now();
    await until(async () => (await takenOf(system, good)) === good.length, { describe: 'the good ones to be taken' });
    const tookMs = Date.now() - saidAt;
    await until(async () => (await deadLettersOf(system)) - dead >= broken.length, {
      describe: 'the broken to be parked',
    });
    await restoreEverything(system);
    return sumUp([
      told(`${broken.length} broken records, ${good.length} good ones between`),
      exactly('broken ones parked', (await deadLettersOf(system)) - dead, broken.length),
      atMost('from the last record to the last good one taken', tookMs, DELAYED_MS, ' ms'),
      exactly('ends of the service', system.processOf('outage').starts() - starts, 0),
    ]);
  },
};

const report = (node: string) => ({
  eventId: randomUUID(),
  type: 'OutageReported',
  occurredAt: Date.now(),
  aggregateId: `CR-${randomUUID()}`,
  version: 1,
  cause: 'storm',
  nodeIds: [node],
  startsAt: null,
  estimatedRestorationAt: null,
  restoredAt: null,
  exceptNodeIds: [],
  estimateSource: null,
  isConfirmed: true,
});

const brokersOf = ({ proxies }: FaultSystem): string => `127.0.0.1:${proxies.kafka.port}`;

async function deadLettersOf(system: FaultSystem): Promise<number> {
  const [row] = await ask<{ n: number }>(system.database('outage'), 'select count(*)::int as n from dead_letter');
  return row?.n ?? 0;
}

async function takenOf(system: FaultSystem, events: readonly { eventId: string }[]): Promise<number> {
  const sql = 'select count(*)::int as n from control_room_event where event_id = any($1::uuid[])';
  const ids = events.map(({ eventId }) => eventId);
  const [row] = await ask<{ n: number }>(system.database('outage'), sql, [ids]);
  return row?.n ?? 0;
}
