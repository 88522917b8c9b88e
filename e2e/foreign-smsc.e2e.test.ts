import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  describeWithForeignSmsc,
  type ForeignSmsc,
  makeKeyStore,
  type Said,
  startForeignSmsc,
} from './foreign-smsc/start.ts';
import { readCsv, type Row } from './independent/csv.ts';
import { lawfulConnections, readOwnFormat } from './independent/own-format.ts';
import { type ExpectedText, expectedTexts, type Filling } from './independent/texts.ts';
import { addressees } from './independent/town.ts';
import { makeOwnDistrict } from './own-district.ts';
import { listeningPorts } from './start-and-stop.processes.ts';
import { call, filesBelow, type StartedSystem, startSystem } from './started-system.ts';

const basePort = 19_600;
const smscPort = 19_640;
const HOUR_MS = 3_600_000;
const converter = join(import.meta.dirname, '../docs/examples/district/convert.mjs');
const feeder = 'गांधी मार्केट (घंटाघर)';
/** `npm run district-check` asks for a whole district; a twelfth of it is told. */
const districtRows = Number(process.env['DISTRICT_ROWS'] ?? 1_000);
const partsPerSecond = districtRows > 10_000 ? 1_000 : 100;
const patienceMs = 60_000 + districtRows;
const entityId = '1101888800000000042';
const password = 'k7Qp-z3v';

type Run = {
  readonly revision: number;
  readonly endedAt: string | null;
  readonly counts: {
    audience: number;
    accepted: number;
    coalesced: number;
    skipped: Record<string, number>;
    parts: Record<string, number>;
  };
};

let folder: string;
let smsc: ForeignSmsc;
let system: StartedSystem;
/** Of the department's own export. */
let connections: Row[];
let feederCode: string;

describeWithForeignSmsc('npm start at an SMSC that is not ours', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bijli-foreign-smsc-'));
    const { keyStore, certificate } = await makeKeyStore(folder);
    smsc = await startForeignSmsc({ port: smscPort, systemId: 'uppcl1', password, keyStore }, ['receipt-ids decimal']);
    writeFileSync(join(folder, 'password'), `${password}\n`);
    system = await startSystem(basePort, {
      SMPP_HOST: 'localhost',
      SMPP_PORT: String(smscPort),
      SMPP_TLS: 'true',
      SMPP_TLS_CA_FILE: certificate,
      SMPP_SYSTEM_ID: 'uppcl1',
      SMPP_PASSWORD_FILE: join(folder, 'password'),
      SMPP_BIND: 'transmitter-and-receiver',
      SMPP_RATE_PARTS_PER_SECOND: String(partsPerSecond),
      SMPP_MESSAGE_IDS: 'hex-to-decimal',
      SMPP_TLV_ENTITY_ID: '0x1500',
      SMS_HEADER: 'UPPCLT',
      DLT_ENTITY_ID: entityId,
      // On a bind of its own a receipt may come before the answer: such ones are looked up again.
      ORPHAN_SWEEP_SECONDS: '1',
    });
  }, 360_000);
  afterAll(async () => {
    await system?.stop();
    await smsc?.stop();
    rmSync(folder, { recursive: true });
  }, 120_000);

  test('says where texts go, starts no simulator, and brings in no town', async () => {
    expect(system.output()).toContain(`texts go to people: uppcl1 at localhost:${smscPort} with TLS, as UPPCLT`);
    expect(system.output()).toContain('The demonstration town is not loaded');
    expect(listeningPorts(basePort + 6, basePort + 7)).toEqual([]);
    expect(await call('GET', `${system.notifier}/v1/audience`)).toMatchObject({ connections: 0 });
  });

  test(
    'tells a district of one’s own of a cut, text by text as the other SMSC reads them',
    async () => {
      await bringDistrict();
      const below = connections.filter((connection) => connection['feeder'] === feeder);
      expect(addressees(below).filter(({ account }) => account === null)).not.toEqual([]); // one mobile, several connections
      const told: Filling = {
        family: 'unplanned',
        cause: 'transformer-fault',
        from: new Date().toISOString(),
        to: new Date(Date.now() + 3 * HOUR_MS).toISOString(),
      };

      const { id } = await call<{ id: string }>('POST', `${system.outage}/v1/outages`, {
        nodeIds: [feederCode],
        cause: told.cause,
        estimatedRestorationAt: told.to,
      });
      const cut = await ended(id, 1);
      const expectedOfCut = expectedTexts(addressees(below), told);
      expectArrived(0, expectedOfCut, cut);
      expect(cut.counts.audience).toBe(below.length);

      const { restoredAt } = await call<{ restoredAt: string }>(
        'POST',
        `${system.outage}/v1/outages/${id}/restoration`,
        {},
      );
      const filling: Filling = { ...told, family: 'restored', to: restoredAt };
      expectArrived(expectedOfCut.length, expectedTexts(addressees(below), filling), await ended(id, 2));
    },
    4 * patienceMs,
  );

  test('keeps the provider’s password out of what it prints and logs', () => {
    const leaks = filesBelow(join(system.dataFolder, 'logs')).filter(({ bytes }) => bytes.includes(password));

    expect(leaks.map(({ path }) => path)).toEqual([]);
    expect(system.output()).not.toContain(password);
  });
});

async function bringDistrict(): Promise<void> {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('own-format.csv'), makeOwnDistrict(districtRows).text);
  execFileSync(process.execPath, [converter, at('own-format.csv'), folder]);
  connections = lawfulConnections(readOwnFormat(at('own-format.csv')));
  feederCode = readCsv(at('network.csv')).find((node) => node['name_hi'] === feeder)?.['code'] ?? '';
  await post(`${system.registry}/v1/network-imports`, at('network.csv'));
  await post(`${system.registry}/v1/connection-imports`, at('connections.csv'));
  await until(
    async () => {
      const audience = await call<{ connections: number }>('GET', `${system.notifier}/v1/audience`);
      return audience.connections === connections.length;
    },
    { deadlineMs: patienceMs, describe: 'the notifier to know the district' },
  );
}

async function post(url: string, file: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: readFileSync(file),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} ${await answer.text()}`);
}

async function ended(outageId: string, revision: number): Promise<Run> {
  return until(
    async () => {
      const { runs } = await call<{ runs: Run[] }>('GET', `${system.notifier}/v1/runs?outageId=${outageId}`);
      return runs.find((run) => run.revision === revision && run.endedAt !== null && run.counts.parts['awaited'] === 0);
    },
    { deadlineMs: patienceMs, describe: `run ${revision} to end with all its receipts` },
  );
}

/** What came since a part, against what the independent script says; every text of these families has one part. */
function expectArrived(before: number, expected: readonly ExpectedText[], { counts }: Run): void {
  const arrived = smsc.said('submit').slice(before);
  const byMobile = (a: ExpectedText, b: ExpectedText) => (a.mobile < b.mobile ? -1 : 1);

  expect(arrived.map(textOf).sort(byMobile)).toEqual([...expected].sort(byMobile));
  expect(new Set(arrived.map((part) => part['source']))).toEqual(new Set(['UPPCLT']));
  expect(new Set(arrived.map((part) => tlvOf(part, '1500')))).toEqual(new Set([entityId]));
  expect(counts.accepted).toBe(expected.length);
  expect(counts.parts).toEqual({
    accepted: arrived.length,
    delivered: arrived.length,
    failed: 0,
    other: {},
    awaited: 0,
    unknown: 0,
  });
}

function textOf(part: Said): ExpectedText {
  return {
    mobile: (part['destination'] ?? '').replace(/^91/, ''),
    text: part['text'] ?? '',
    templateId: tlvOf(part, '1401'),
  };
}

/** The value of a parameter as ASCII; the SMSC says each as hexadecimal: tag, length, value. */
function tlvOf(part: Said, tag: string): string {
  const tlv = (part['tlvs'] ?? '')
    .toLowerCase()
    .split(' ')
    .find((one) => one.startsWith(tag));
  return Buffer.from(tlv?.slice(8) ?? '', 'hex').toString('latin1');
}
