import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@bijli/testing/until';
import { mobileOf } from '../../independent/numbers.ts';
import { exactly, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { ask } from '../ledger.ts';
import type { FaultSystem, ServiceName } from '../system.ts';
import { eventsSaid } from '../topic-records.ts';
import { CANARY } from './odd-records.ts';

/** Who says what to the notifier, and by which of its subscriptions it is heard. */
const heard = [
  ['outage', 'outages'],
  ['billing', 'accounts'],
  ['complaint', 'complaints'],
] as const satisfies readonly (readonly [ServiceName, string])[];

/** Every event that was committed is applied once, over everything that was done to the system before (O2). */
export const everythingHeard: FaultCase = {
  name: 'after all of these: events said, heard and applied',
  promise: 'P1, P2',
  isQuick: true,
  play: async (system) => {
    const findings: Finding[] = [];
    for (const [name, subscription] of heard) findings.push(...(await judgeHeard(system, name, subscription)));
    return sumUp(findings);
  },
};

async function judgeHeard(system: FaultSystem, name: ServiceName, subscription: string): Promise<Finding[]> {
  const said = await eventsSaid(system, name);
  const appliedOf = () =>
    idsOf(system, 'notifier', 'select event_id::text as id from applied_event where subscription = $1', [subscription]);
  await until(async () => (await appliedOf()).length >= new Set(said).size, {
    describe: `${said.length} events applied`,
  }).catch(() => undefined);
  const applied = new Set(await appliedOf());
  const waiting = await idsOf(system, 'notifier', 'select id::text from inbox_pending where subscription = $1', [
    subscription,
  ]);
  const dead = await idsOf(system, 'notifier', 'select id::text from dead_letter where subscription = $1', [
    subscription,
  ]);
  return [
    told(`${said.length} events of ${name}`),
    exactly('not applied', said.filter((id) => !applied.has(id)).length, 0),
    exactly('applied that nobody said', [...applied].filter((id) => !new Set(said).has(id)).length, 0),
    exactly('waiting', waiting.length, 0),
    exactly('dead letters', dead.length, 0),
  ];
}

async function idsOf(system: FaultSystem, name: ServiceName, sql: string, values: unknown[]): Promise<string[]> {
  return (await ask<{ id: string }>(system.database(name), sql, values)).map(({ id }) => id);
}

/** Ten digits as a mobile has them, with its country before them or not, and no digit around. */
const MOBILE = /(?<!\d)(?:91)?([6-9]\d{9})(?!\d)/g;

/** Numbers of the town, and one that was planted in broken records, wherever they do not belong (O7). */
export const noNumbers: FaultCase = {
  name: 'after all of these: mobile numbers in logs, traces and topics',
  promise: 'P12',
  isQuick: true,
  play: (system) => {
    const numbers = new Set([...system.connections.map((row) => mobileOf(row['mobile'] ?? '')), CANARY]);
    const files = ['logs', 'traces', 'kafka/data'].flatMap((folder) => filesIn(join(system.folder, folder)));
    const leaks = files.filter((path) => leaksIn(path, numbers));
    const octets = files.reduce((sum, path) => sum + statSync(path).size, 0);
    return Promise.resolve(
      sumUp([
        told(
          `${Math.round(octets / 1_000_000)} MB in ${files.length} files looked through for ${numbers.size} numbers`,
        ),
        {
          what: 'the town’s own file is seen to have them',
          isSo: leaksIn(join(system.folder, 'town/connections.csv'), numbers),
        },
        exactly('files with one of them', leaks.length, 0),
        ...leaks.map((path) => ({ what: path.slice(system.folder.length + 1), isSo: false })),
      ]),
    );
  },
};

/** What is no text of ours: indexes of Kafka, of a fixed size and nearly empty, and what others wrote into their own topics. */
const NOT_OURS = /\.(index|timeindex|snapshot)$|kafka\/data\/(control-room|billing-system)\./;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NOT_OURS.test(path));
}

function leaksIn(path: string, numbers: ReadonlySet<string | null>): boolean {
  for (const [, number = ''] of readFileSync(path, 'latin1').matchAll(MOBILE)) if (numbers.has(number)) return true;
  return false;
}

/** Nothing ended that nobody asked to end. */
export const noUnaskedEnds: FaultCase = {
  name: 'after all of these: processes that ended by themselves',
  promise: 'P18',
  isQuick: true,
  play: (system) => {
    const ends = system.processes().map(({ name, unaskedEnds }) => exactly(`of ${name}`, unaskedEnds(), 0));
    return Promise.resolve(sumUp(ends));
  },
};
