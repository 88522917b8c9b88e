import { connect as connectTcp, isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory, RetryOptions, SASLOptions } from 'kafkajs';
import kafkajs from 'kafkajs';
import type { Log } from './kafkajs-log.ts';
import { kafkajsLog } from './kafkajs-log.ts';
import { refusePayloadLogging } from './refuse-payload-logging.ts';

export type KafkaOptions = {
  readonly clientId: string;
  readonly brokers: readonly string[];
  readonly ssl?: ConnectionOptions | boolean;
  readonly sasl?: SASLOptions;
  readonly log: Log;
  /** Put before the name of every topic and group, so that several installations can share a cluster; nothing unless told. */
  readonly prefix?: string;
  /** The environment kafkajs will see; the process's own unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** What is known about reaching any broker; times are `Date.now()` milliseconds, 0 for never. */
export type Reach = { connectedAt: number; failedAt: number };

/** How to reach one Kafka cluster. Nothing is connected before it is used, and there is nothing to close. */
export type KafkaConnection = {
  readonly client: kafkajs.Kafka;
  readonly clientId: string;
  readonly prefix: string;
  readonly reach: Readonly<Reach>;
  readonly log: Log;
};

/** Stated in full because NODE_ENV=test changes kafkajs' defaults. One round takes about 3 s; what must last longer tries again itself. */
export const RETRY: Readonly<Required<Omit<RetryOptions, 'restartOnFailure'>>> = {
  initialRetryTime: 200,
  maxRetryTime: 3_000,
  factor: 0.2,
  multiplier: 2,
  retries: 4,
};

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;

/** Prepares the connection to Kafka. Throws when a KAFKAJS_DEBUG_* variable is set. */
export function openKafka(options: KafkaOptions): KafkaConnection {
  refusePayloadLogging(options.env ?? process.env);
  const reach: Reach = { connectedAt: 0, failedAt: 0 };
  const client = new kafkajs.Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    retry: RETRY,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkajsLog(options.log),
    socketFactory: watchedSockets(reach),
  });
  return { client, clientId: options.clientId, prefix: options.prefix ?? '', reach, log: options.log };
}

/** While brokers are away kafkajs tries to connect every few seconds; a failure older than this is another broker's old story. */
const FAILURE_COUNTS_MS = 30_000;

/**
 * Says whether the brokers are away: the latest attempt to connect failed a moment ago. Then silence is the network's fault and no sign
 * that a subscription hangs.
 */
export function isUnreachable({ connectedAt, failedAt }: Readonly<Reach>, now = Date.now()): boolean {
  return failedAt > connectedAt && now - failedAt < FAILURE_COUNTS_MS;
}

/** kafkajs' own sockets, plus a note of every attempt that came through or did not: kafkajs tells of neither. */
function watchedSockets(reach: Reach): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    let connected = false;
    const opened = (): void => {
      connected = true;
      reach.connectedAt = Date.now();
      onConnect();
    };
    // The type promises options, kafkajs passes null for plain text.
    const socket =
      (ssl as ConnectionOptions | null) === null
        ? connectTcp({ host, port }, opened)
        : connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, opened);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.once('close', () => {
      if (!connected) reach.failedAt = Date.now();
    });
    return socket;
  };
}
