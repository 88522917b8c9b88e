import { cpus, totalmem } from 'node:os';
import type { Result } from './play.ts';

/** What is kept of a run, and docs/reliability.md is written from. */
export type Report = {
  readonly faults: readonly Pick<Result, 'fault' | 'promise' | 'seen' | 'met' | 'seconds'>[];
  readonly seed: number;
  readonly machine: string;
};

/** Says on what it was played, in words. */
export function describeMachine(): string {
  return `${cpus().length} cores, ${Math.round(totalmem() / 1_073_741_824)} GB of memory, Node ${process.versions.node}, ${process.platform}`;
}

/** Puts results into a report that has some already: a fault that was played again has its latest result. */
export function addTo(report: Report | null, { faults, ...rest }: Report): Report {
  const added = new Map(faults.map((one) => [one.fault, one]));
  const before = report?.faults ?? [];
  const kept = before.map((one) => added.get(one.fault) ?? one);
  const known = new Set(before.map(({ fault }) => fault));
  return { faults: [...kept, ...faults.filter(({ fault }) => !known.has(fault))], ...rest };
}

/** The lines of one result on a terminal. */
export function linesOf({ fault, promise, seen, met, seconds }: Report['faults'][number]): string {
  return `${met ? 'met    ' : 'NOT MET'} ${fault} (${promise}, ${seconds} s)\n          ${seen}`;
}

const PROMISES: readonly (readonly [number: string, promise: string])[] = [
  ['P1', 'No committed event is lost.'],
  ['P2', 'No effect is applied twice.'],
  ['P3', 'Every affected contact has exactly one outcome per alert.'],
  [
    'P4',
    'No text is repeated without a fault; after one as many at most as were written ahead without an outcome (D, 100 here), each named in the ledger.',
  ],
  [
    'P5',
    'An outage is told of within 5 s, and no second has more texts than the contract (as the SMSC dates them, 5 % more at most: it may come late to read some).',
  ],
  [
    'P6',
    'No text leaves later than 2 s after the notifier stored what makes it false; nor after all sending was stopped.',
  ],
  [
    'P8',
    'Work goes on 45 s after a kill at the latest, 60 s after one of Kafka, 15 s after PostgreSQL accepts connections again.',
  ],
  ['P9', 'A record that nobody can take delays no other by more than a second.'],
  ['P10', 'What is told of an outage never goes back.'],
  ['P12', 'No mobile number is in logs, traces or topics.'],
  ['P13', 'The counts that the API answers are those of the ledger.'],
  ['P16', 'With Kafka away, reads and writes are answered.'],
  ['P17', 'What was acknowledged is there after a kill.'],
  ['P18', 'Nothing from outside stops a stream or ends a process.'],
];

/** Writes docs/reliability.md; of the cases it names those that the report does not have. */
export function reliabilityPage({ faults, seed, machine }: Report, cases: readonly string[]): string {
  const played = new Set(faults.map(({ fault }) => fault));
  const missing = cases.filter((name) => !played.has(name));
  const met = faults.filter((one) => one.met).length;
  return `# Reliability

What is promised, what was done to the system, and what was seen. Written by \`npm run faults -- --write\` from what it saw: seed ${seed}, ${machine}.
${met} of ${faults.length} faults met their promise.

## Promises

| | promise |
| --- | --- |
${PROMISES.map(([number, promise]) => `| ${number} | ${promise} |`).join('\n')}

## How

One machine runs all that \`npm start\` runs: five services, PostgreSQL, Kafka, the SMSC simulator, with the town of 5,000 connections. A TCP
proxy of its own (\`e2e/faults/proxy.ts\`) stands before the notifier's PostgreSQL, before everybody's Kafka and before the SMSC. The contract is
400 parts a second, the window 50. The faults are played one after the other on one system, or on a new one where the report was made in
several sittings; most of them in the middle of an outage of the whole town, which is then ended, so that who heard of the cut can be
compared with who heard of its end.

Who was told is read from the simulator's log of every PDU, which is written before the simulator answers. It is compared mobile by mobile with
the town's file and, through the blind index, with the notifier's ledger by SQL. What the API counts is compared with the ledger. No
fault is judged by the word of the system alone.

## Faults

| fault | promise | seen | met |
| --- | --- | --- | --- |
${faults.map(({ fault, promise, seen, met: isMet }) => `| ${cell(fault)} | ${promise} | ${cell(seen)} | ${isMet ? 'yes' : '**no**'} |`).join('\n')}

## What this does not prove

- One machine, one broker, one PostgreSQL: nothing about replication, a lost disk, or a network between machines.
- A town, not a district, and a contract of 400 parts a second: how the system is under full load is measured by \`bench/\`.
- Each fault once, at one instant of a run chosen by the case or by the seed: another instant may do something else. The instants between two
  statements are those of the named failpoints.
- The SMSC is our own simulator; another one is spoken to in \`e2e/foreign-smsc.e2e.test.ts\`.
- A text whose answer was lost counts as arrived, since the handset may have it.
- What Kafka forgot before it was heard is lost: the next version of the same outage says how it stands, and where none follows nobody is told.
${missing.length > 0 ? `- Cases that were not played for this report: ${missing.join('; ')}.\n` : ''}- Not played: a full disk, a clock that jumps, memory that runs out, a second provider, two replicas of a service other than the notifier,
  a restore from a backup, a rolling restart of several brokers, hours without Kafka.
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
