import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@bijli/service';
import smpp, { type Pdu, type Session } from 'smpp';
import { buildService } from '../src/build-service.ts';
import { readConfig } from '../src/config.ts';

/** A simulator in this process, on free ports. */
export type TestSimulator = {
  readonly url: string;
  readonly smppPort: number;
  readonly logPath: string;
  /** Lines of the PDU log. */
  pdus(): Promise<LoggedPdu[]>;
  readonly logged: string[];
  stop(): Promise<void>;
};

export type LoggedPdu = {
  readonly at: string;
  readonly us: number;
  readonly session: number;
  readonly direction: 'in' | 'out';
  readonly command: string;
  readonly sequence: number;
  readonly status: number;
  readonly pdu: string;
};

/** Starts a simulator with the given knobs. */
export async function startSimulator(
  behaviour: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<TestSimulator> {
  const folder = await mkdtemp(join(tmpdir(), 'sms-simulator-'));
  const logPath = join(folder, 'pdus.jsonl');
  const logged: string[] = [];
  const config = readConfig({
    PORT: '0',
    SMPP_PORT: '0',
    SMPP_SYSTEM_ID: 'bijli',
    SMPP_PASSWORD: 'secret',
    PDU_LOG: logPath,
    SIMULATOR_BEHAVIOUR: JSON.stringify({ receiptDelayMs: { least: 10, most: 30 }, ...behaviour }),
    ...env,
  });
  const log = openLog('test', 'debug', { write: (line) => logged.push(line) });
  const { components, smsc, http } = buildService({ config, log });
  for (const component of components) await component.start();
  return {
    url: `http://127.0.0.1:${http.port()}`,
    smppPort: smsc.port(),
    logPath,
    logged,
    pdus: async () =>
      (await readFile(logPath, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LoggedPdu),
    stop: async () => {
      for (const component of components.toReversed()) await component.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A client made of npm `smpp`, which answers receipts unless told otherwise. */
export type TestClient = {
  readonly session: Session;
  readonly heard: Pdu[];
  receipts(): { text: string; id: unknown; state: unknown; from: unknown; sequence: number }[];
  submit(fields: Record<string, unknown>): Promise<Pdu>;
  isClosed(): boolean;
  close(): Promise<void>;
};

/** How a client behaves. */
export type ClientOptions = {
  readonly command?: 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver';
  readonly password?: string;
  readonly systemId?: string;
  /** The status that receipts are answered with; none when undefined. */
  readonly receiptStatus?: () => number | undefined;
};

/** Connects and binds; gives the answer to the bind too. */
export async function connectClient(
  port: number,
  {
    command = 'bind_transceiver',
    password = 'secret',
    systemId = 'bijli',
    receiptStatus = () => 0,
  }: ClientOptions = {},
): Promise<TestClient & { bound: Pdu }> {
  const session = smpp.connect({ host: '127.0.0.1', port });
  const heard: Pdu[] = [];
  let isClosed = false;
  session.on('close', () => {
    isClosed = true;
  });
  session.on('error', () => undefined);
  session.on('pdu', (pdu) => {
    heard.push(pdu);
    if (pdu.command === 'enquire_link') session.send(pdu.response());
    const status = pdu.command === 'deliver_sm' ? receiptStatus() : undefined;
    if (status !== undefined) session.send(pdu.response({ command_status: status }));
  });
  await once(session.socket, 'connect');
  session.socket.setNoDelay(true);
  const bound = await asked((onAnswer) => session[command]({ system_id: systemId, password }, onAnswer));
  return {
    session,
    heard,
    bound,
    receipts: () =>
      heard
        .filter((pdu) => pdu.command === 'deliver_sm')
        .map((pdu) => ({
          text: (pdu['short_message'] as { message: string }).message,
          id: pdu['receipted_message_id'],
          state: pdu['message_state'],
          from: pdu['source_addr'],
          sequence: pdu.sequence_number,
        })),
    submit: (fields) =>
      asked((onAnswer) =>
        session.submit_sm(
          {
            source_addr_ton: 5,
            source_addr: 'UPPCLP',
            dest_addr_ton: 1,
            dest_addr_npi: 1,
            registered_delivery: 1,
            ...fields,
          },
          onAnswer,
        ),
      ),
    isClosed: () => isClosed,
    close: async () => {
      const closed = isClosed ? undefined : once(session.socket, 'close');
      session.destroy();
      await closed;
    },
  };
}

function asked(ask: (onAnswer: (pdu: Pdu) => void) => unknown): Promise<Pdu> {
  const { promise, resolve } = Promise.withResolvers<Pdu>();
  ask(resolve);
  return promise;
}
