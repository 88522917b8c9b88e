import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeTown, townCsv } from '@bijli/start/town';
import { type Ended, runCommand } from './run-command.ts';
import { familyOf, folderOf, listeningPorts } from './start-and-stop.processes.ts';
import { call, type StartedSystem, startSystem } from './started-system.ts';

const repository = join(import.meta.dirname, '..');
const basePort = 20_500;
const billingPort = basePort + 3;
const postgresPort = basePort + 10;
const [smscHttpPort, smscPort] = [basePort + 40, basePort + 41];
const provider = {
  SMPP_HOST: '127.0.0.1',
  SMPP_PORT: String(smscPort),
  SMPP_SYSTEM_ID: 'night',
  SMPP_PASSWORD: 'k7Qp-z3v',
  SMS_HEADER: 'UPPCLP',
  DLT_ENTITY_ID: '1101000000000000001',
};

let system: StartedSystem;
let folder: string;
let smsc: ChildProcess | undefined;
let outageId: string;

/** Takes billing's port once the start has seen that it is free: PostgreSQL listens, the services do not yet. */
async function takePortOfBilling(): Promise<Server> {
  await until(() => listeningPorts(postgresPort, postgresPort).length === 1, {
    deadlineMs: 120_000,
    describe: 'PostgreSQL to listen',
  });
  const squatter = createServer((socket) => socket.destroy());
  squatter.listen(billingPort, '127.0.0.1');
  await until(() => squatter.listening, { describe: 'the port to be taken' });
  return squatter;
}

/** Runs what `npm run <name> -- …` runs, against the started system. */
function run(name: string, ...args: string[]): Promise<Ended> {
  const program = name === 'start' ? 'scripts/start/main.ts' : `scripts/cli/${name}/main.ts`;
  return runCommand([process.execPath, '--conditions=bijli-source', program, ...args], {
    cwd: repository,
    env: { ...process.env, BIJLI_PORT: String(basePort), BIJLI_DATA: system.dataFolder },
  });
}

/** The provider comes: the simulator, started by hand in its place. */
function startSmsc(): ChildProcess {
  return spawn(process.execPath, ['--conditions=bijli-source', 'src/main.ts'], {
    cwd: join(repository, 'services/sms-simulator'),
    env: {
      PATH: process.env['PATH'],
      PORT: String(smscHttpPort),
      ...provider,
      PDU_LOG: join(folder, 'pdus.jsonl'),
    },
    stdio: 'ignore',
  });
}

const said = (text: string | RegExp) =>
  until(() => (typeof text === 'string' ? system.output().includes(text) : text.test(system.output())), {
    deadlineMs: 90_000,
    describe: () => `"${String(text)}" in the terminal, which says\n${system.output().slice(-2_000)}`,
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bijli-night-'));
});
afterAll(async () => {
  smsc?.kill('SIGKILL');
  await system?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

describe('a start with settings that are wrong', () => {
  test('ends within seconds, names them all, and has started nothing', async () => {
    const data = join(folder, 'wrong');
    const began = performance.now();

    const { code, errors } = await runCommand(
      [process.execPath, '--conditions=bijli-source', 'scripts/start/main.ts'],
      {
        cwd: repository,
        env: {
          PATH: process.env['PATH'],
          ...provider,
          SMPP_WINDOW: '0',
          LOG_LEVEL: 'chatty',
          BIJLI_PORT: String(basePort),
          BIJLI_DATA: data,
        },
      },
    );

    expect(code).toBe(1);
    expect(errors).toContain('Settings are wrong, nothing was started:');
    expect(errors).toContain('  notifier: SMPP_WINDOW: is not a whole number from 1 to 1000');
    expect(errors).toContain('  outage: LOG_LEVEL: is not one of');
    expect(errors).not.toContain('chatty');
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(listeningPorts(basePort, basePort + 12)).toEqual([]);
  });
});

describe('a start while the provider is away and a service cannot start', () => {
  test('comes up with the others, and says what is missing and why', async () => {
    const taking = takePortOfBilling();
    system = await startSystem(basePort, provider);
    const squatter = await taking;

    expect(system.output()).toMatch(/link to the SMSC: down \(transceiver: ECONNREFUSED\): texts wait/);
    expect(system.output()).toContain('outage, complaint, notifier, without billing');
    expect(system.output()).toMatch(
      /^ready in .* s\n {2}but without billing, which is tried again: it ends again and again: a part did not start \(http\): listen EADDRINUSE/m,
    );
    expect(system.output()).toContain(`    its log: ${join(system.dataFolder, 'logs/billing.log')}`);
    expect((await fetch(`${system.outage}/readyz`)).status).toBe(200);
    const { parts } = await call<{ parts: Record<string, { detail?: string }> }>('GET', `${system.notifier}/readyz`);
    expect(parts['sending']?.detail).toMatch(/^the SMPP link is down since .*: transceiver: ECONNREFUSED$/);

    const { code, output } = await run('status');
    expect(code).toBe(1);
    expect(output).toMatch(/^ {2}billing {12}down: no service answers on port 20503\n +last fatal .*EADDRINUSE/m);
    expect(output).toMatch(/^ {2}SMPP link {10}DOWN since .* IST: transceiver: ECONNREFUSED$/m);
    expect(output).toMatch(
      /To look at: billing is down; the SMPP link is down; billing does not say how many dead letters it has\.\n$/,
    );

    squatter.close();
    await said('  billing is ready again');
  }, 300_000);

  test('plans what it is told: the run, the trace and the status say what the texts wait for', async () => {
    const { network, connections } = townCsv(makeTown());
    const csv = { method: 'POST', headers: { 'content-type': 'text/csv' } };
    expect((await fetch(`${system.registry}/v1/network-imports`, { ...csv, body: network })).status).toBe(200);
    expect((await fetch(`${system.registry}/v1/connection-imports`, { ...csv, body: connections })).status).toBe(200);
    await until(
      async () => (await call<{ connections: number }>('GET', `${system.notifier}/v1/audience`)).connections === 5_000,
      { deadlineMs: 60_000, describe: 'the audience' },
    );
    const report = { nodeIds: ['F-1103'], cause: 'transformer-fault' };
    outageId = (await call<{ id: string }>('POST', `${system.outage}/v1/outages`, report)).id;
    const waiting = await until(
      async () =>
        (
          await call<{ runs: { stateReason: string; counts: { pending: number } }[] }>(
            'GET',
            `${system.notifier}/v1/runs?outageId=${outageId}`,
          )
        ).runs[0],
      { describe: 'the run' },
    );

    expect(waiting.stateReason).toMatch(/^the SMPP link is down since /);
    expect(waiting.counts.pending).toBeGreaterThan(100);
    const traced = await until(
      async () => {
        const { output } = await run('trace', outageId);
        return output.includes('plan run') ? output : undefined;
      },
      { deadlineMs: 60_000, describe: 'the spans to arrive' },
    );
    expect(traced).toMatch(
      new RegExp(`^run .* \\(unplanned\\): ${waiting.counts.pending} contacts wait: the SMPP link is down since`, 'm'),
    );
    expect((await run('status')).output).toMatch(
      new RegExp(`^ {2}waiting {12}${waiting.counts.pending.toLocaleString('en-IN')} contacts in 1 runs$`, 'm'),
    );
  }, 180_000);

  test('says when the provider is there, sends what waited, and then only that a service had ended', async () => {
    smsc = startSmsc();
    await said('  the SMPP link is up (transceiver)');

    await until(
      async () => {
        const { code, output } = await run('status');
        const isRest = output.endsWith('To look at: billing ended a while ago and was started again.\n');
        return code === 1 && isRest && output.includes('0 contacts in 0 runs');
      },
      { deadlineMs: 60_000, describe: 'all to be well' },
    );
    expect((await run('trace', outageId)).output).not.toContain('contacts wait');
  }, 180_000);

  test('says when the provider goes again, and who stops the sending', async () => {
    const before = system.output().length;
    smsc?.kill('SIGKILL');
    await said(/ready in [^]*the SMPP link is up[^]*the SMPP link is down \(transceiver: /);
    await call('PUT', `${system.notifier}/v1/sending`, {
      isStopped: true,
      reason: 'wrong texts',
      changedBy: 'shift-2',
    });

    await said('  all sending is stopped by shift-2: wrong texts');
    expect(
      system
        .output()
        .slice(before)
        .match(/SMPP link is down/g)?.length,
    ).toBeLessThanOrEqual(2);
    const { code, output } = await run('status');
    expect(code).toBe(1);
    expect(output).toMatch(/^ {2}sending {12}STOPPED since .* IST by shift-2: wrong texts$/m);
    const status = JSON.parse((await run('status', '--json')).output) as { troubles: string[] };
    expect(status.troubles).toEqual([
      'billing ended a while ago and was started again',
      'sending is stopped',
      'the SMPP link is down',
    ]);
  }, 180_000);
});

describe('a service that is killed', () => {
  test('is told with how it ended, and that it is back', async () => {
    const complaint = familyOf(system.pid).find(
      ({ pid, command }) => !command.startsWith('/bin/sh') && folderOf(pid).endsWith('services/complaint'),
    );
    if (complaint === undefined) throw new Error('complaint is not there');
    process.kill(complaint.pid, 'SIGKILL');

    await said('  complaint was ended by SIGKILL: starting it again');
    await said('  complaint is ready again');
  }, 120_000);
});

describe('somebody who asks wrongly', () => {
  test.each(['status', 'trace', 'dead-letters', 'import', 'demo', 'start'])('gets help from %s', async (name) => {
    const { code, output } = await run(name, '--help');

    expect(code).toBe(0);
    expect(output).toMatch(/^npm (start|run )[^]+\n\n.{40}/);
  });

  test('is told whom trace asked, and where', async () => {
    const { code, errors } = await run('trace', '019c0d2c-0000-7000-8000-00000000000f');

    expect(code).toBe(1);
    expect(errors).toContain('nobody knows 019c0d2c-0000-7000-8000-00000000000f: asked outage on port 20502');
    expect(errors).toContain('notifier on port 20505 (does not know it)');
  });

  test('at the port of no system is told that nobody answers, by status and by trace', async () => {
    const elsewhere = (name: string, ...args: string[]) =>
      runCommand([process.execPath, '--conditions=bijli-source', `scripts/cli/${name}/main.ts`, ...args], {
        cwd: repository,
        env: { ...process.env, BIJLI_PORT: String(basePort + 100), BIJLI_DATA: join(folder, 'nothing') },
      });
    const [status, trace] = [await elsewhere('status'), await elsewhere('trace', outageId)];

    expect(status.code).toBe(1);
    expect(status.output).toContain('billing            down: no service answers on port 20603');
    expect(status.errors).toBe('');
    expect(trace.errors).toContain('asked outage on port 20602 (no answer)');
  });
});
