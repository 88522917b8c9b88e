import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The SMS simulator as a process of its own, as the start command runs it. */
export type SimulatorProcess = {
  readonly port: number;
  /** PDUs of its log, in order. */
  pdus(): Promise<{ direction: 'in' | 'out'; command: string; sequence: number; session: number; pdu: Buffer }[]>;
  kill(): Promise<void>;
  /** Starts it again, on the same ports and log. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

const folder = join(__dirname, '../../../sms-simulator');

/** Starts a simulator with the given knobs and waits until it listens. */
export async function startSimulatorProcess(behaviour: Record<string, unknown> = {}): Promise<SimulatorProcess> {
  const data = await mkdtemp(join(tmpdir(), 'smpp-link-'));
  const logPath = join(data, 'pdus.jsonl');
  const launch = async (port: number) => {
    const env = {
      PATH: process.env['PATH'],
      PORT: '0',
      SMPP_PORT: String(port),
      SMPP_SYSTEM_ID: 'bijli',
      SMPP_PASSWORD: 'secret',
      PDU_LOG: logPath,
      SIMULATOR_BEHAVIOUR: JSON.stringify({ receiptDelayMs: { least: 5, most: 40 }, ...behaviour }),
    };
    const args = ['--conditions=bijli-source', '--disable-warning=ExperimentalWarning', 'src/main.ts'];
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    return { child, port: await listeningPort(child) };
  };
  let running = await launch(0);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return;
    running.child.kill(signal);
    await once(running.child, 'exit');
  };
  return {
    port: running.port,
    pdus: async () => {
      const lines = (await readFile(logPath, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line)).map((line) => ({ ...line, pdu: Buffer.from(line.pdu, 'hex') }));
    },
    kill: () => end('SIGKILL'),
    restart: async () => {
      running = await launch(running.port);
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(data, { recursive: true });
    },
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    said.push(line);
    const { message, port } = JSON.parse(line) as { message: string; port: number };
    if (message === 'SMSC listens') {
      // Nobody reads on; the pipe must not fill up.
      child.stdout?.resume();
      return port;
    }
  }
  throw new Error(`the simulator ended without listening: ${said.join('\n')}`);
}
