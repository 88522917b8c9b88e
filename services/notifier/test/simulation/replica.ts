import { openKafka } from '@bijli/kafka';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { buildService } from '../../src/build-service.ts';
import { readConfig } from '../../src/config.ts';
import type { Desk } from '../../src/dispatch/desk.ts';
import { type Agenda, openParty, type Party } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Server } from './server.ts';
import type { Smsc } from './smsc.ts';
import type { Story } from './story.ts';
import type { VirtualTime } from './virtual-time.ts';
import { openWire } from './wire.ts';

/** A process of the notifier, wired as main.ts does, but for what it hears and its HTTP. */
export type Replica = {
  readonly party: Party;
  wake(): void;
  /** What it could not do, in its log's words. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
  /** As when the process is killed. */
  kill(): void;
};

/** Everything that a replica lives in. */
export type Ground = {
  readonly agenda: Agenda;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly server: Server;
  readonly smsc: Smsc;
};

export type ReplicaOptions = Pick<Story, 'partsPerSecond' | 'linkMs' | 'binds'>;

const NOT_HERE = new Set(['database', 'keep-days', 'subscriptions', 'http', 'parked-items', 'unknown-words']);
const silent = openLog('simulation', 'silent');
const kafka = openKafka({ clientId: 'simulation', brokers: ['127.0.0.1:1'], log: silent });

const configOf = ({ partsPerSecond, binds }: ReplicaOptions) =>
  readConfig({
    DATABASE_URL: 'postgres://nowhere',
    KAFKA_BROKERS: '127.0.0.1:1',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_SYSTEM_ID: 'test',
    SMPP_PASSWORD: 'secret',
    SMPP_RATE_PARTS_PER_SECOND: String(partsPerSecond),
    SMPP_BINDS: String(binds),
    NEW_TIME_PAUSE_SECONDS: '0',
  });

/** Starts a replica; its timers, its clocks and its connections are those of its party. */
export function startReplica(
  name: string,
  { agenda, time, chance, server, smsc }: Ground,
  options: ReplicaOptions,
): Replica {
  const party = openParty(name);
  const complaints: string[] = [];
  const config = configOf(options);
  const log = openLog(name, 'error', { write: (line) => void complaints.push(line) });
  const connect = () =>
    openWire({
      agenda,
      time,
      chance,
      party,
      provider: smsc.party,
      wayMs: () => chance.between(0.1, options.linkMs),
      isRefused: smsc.isRefused,
      open: smsc.open,
    }).socket;
  const smpp = { ...config.smpp, connect };
  return time.as(party, () => {
    const built = buildService({
      config: { ...config, smpp },
      db: server.open(party),
      ownDb: server.open(party),
      kafka,
      log,
    });
    const components = built.components.filter((one) => !NOT_HERE.has(one.name));
    const started: Component[] = [];
    let isStopping = false;
    const starting = (async () => {
      for (const component of components) {
        if (isStopping) return;
        await component.start();
        started.push(component);
      }
    })().catch((error: unknown) => void complaints.push(String(error)));
    const desk = components.find((one) => one.name === 'desk') as Desk;
    return {
      party,
      complaints,
      wake: () => time.as(party, () => desk.wake()),
      stop: () =>
        time.as(party, async () => {
          isStopping = true;
          await starting;
          for (const component of started.toReversed()) await component.stop();
          party.isDead = true;
        }),
      kill: () => {
        party.isDead = true;
        server.kill(party);
        smsc.reset(party);
      },
    };
  });
}
