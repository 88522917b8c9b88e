import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openLog } from '@bijli/service';
import { decodeBind, encodeBind, encodeEnquireLink } from '@bijli/smpp';
import { openPduLog, type PduLogInput } from './pdu-log.ts';
import { readPduLog } from './read-pdu-log.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pdu-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const path = (): string => join(folder, 'made', 'pdus.jsonl');
const open = (change: Partial<PduLogInput> = {}) =>
  openPduLog({ path: path(), maxOctets: 1_000_000, keptFiles: 2, log: openLog('test', 'silent'), ...change });
function enquire(sequence: number): Buffer {
  const octets = Buffer.alloc(16);
  encodeEnquireLink(octets, 0, sequence);
  return octets;
}
const lines = async (file = path()): Promise<Record<string, unknown>[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('PDU log', () => {
  test('has every PDU with its time, connection, direction, command and octets', async () => {
    const log = open();
    const octets = Buffer.concat([Buffer.alloc(3), enquire(7), Buffer.alloc(3)]);
    log.record(5, 'in', octets, 3, 19);
    log.record(5, 'out', Buffer.from('000000118000010200000000000000ffab', 'hex'), 0, 17);
    log.flush();

    const [first, second] = await lines();
    expect(first).toMatchObject({
      session: 5,
      direction: 'in',
      command: 'enquire_link',
      sequence: 7,
      status: 0,
      pdu: enquire(7).toString('hex'),
    });
    expect(second).toMatchObject({
      direction: 'out',
      command: 'unknown',
      sequence: 255,
      pdu: '000000118000010200000000000000ffab',
    });
    expect(Math.abs(Date.parse(String(first?.['at'])) - Date.now())).toBeLessThan(10_000);
    expect(Math.abs(Number(first?.['us']) - Number(process.hrtime.bigint() / 1_000n))).toBeLessThan(10_000_000);
    expect(log.count()).toBe(2);
    log.close();
  });

  test('has a bind without its password, still readable', async () => {
    const bind = {
      sequenceNumber: 1,
      systemId: 'bijli',
      password: 'secret08',
      systemType: 'VMA',
      interfaceVersion: 0x34,
      addrTon: 0,
      addrNpi: 0,
      addressRange: '',
    };
    const octets = Buffer.alloc(100);
    const end = encodeBind(octets, 0, 'bind_transceiver', bind);
    const log = open();
    log.record(1, 'in', octets, 0, end);
    log.record(1, 'in', octets, 0, 25);
    log.flush();
    log.close();

    const text = await readFile(path(), 'utf8');
    expect(text).not.toContain(Buffer.from('sec').toString('hex'));
    const logged = Buffer.from(String((await lines())[0]?.['pdu']), 'hex');
    expect(decodeBind(logged, 0, logged.length)).toEqual({ ...bind, password: '********' });
    expect(octets.includes('secret08')).toBe(true);
  });

  test('goes on where it ended, for its owner only', async () => {
    for (const sequence of [1, 2]) {
      const log = open();
      log.record(1, 'in', enquire(sequence), 0, 16);
      log.flush();
      log.close();
    }
    expect((await lines()).map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  test('begins anew when it is full and keeps so many full ones', async () => {
    const log = open({ maxOctets: 500, keptFiles: 2 });
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      log.record(1, 'in', enquire(sequence), 0, 16);
      log.flush();
    }
    log.close();

    const names = (await readdir(join(folder, 'made'))).toSorted();
    expect(names).toEqual(['pdus.jsonl', 'pdus.jsonl.1', 'pdus.jsonl.2']);
    const kept = await Promise.all(names.toReversed().map((name) => lines(join(folder, 'made', name))));
    const sequences = kept.flat().map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => 21 - sequences.length + index));
    for (const name of names) expect((await stat(join(folder, 'made', name))).size).toBeLessThanOrEqual(500);
  });

  test('writes a great deal between two flushes', async () => {
    const log = open({ maxOctets: 1_000_000_000 });
    for (let sequence = 1; sequence <= 20_000; sequence += 1) log.record(1, 'in', enquire(sequence), 0, 16);
    log.flush();
    log.close();
    const all = await lines();
    expect([all.length, all[9_999]?.['sequence']]).toEqual([20_000, 10_000]);
  });

  test('is read page by page in whole lines', async () => {
    const log = open();
    for (let sequence = 1; sequence <= 5; sequence += 1) log.record(1, 'in', enquire(sequence), 0, 16);
    log.flush();
    log.close();

    const whole = await readFile(path());
    const pages: Buffer[] = [];
    for (let after = 0; ; ) {
      const page = await readPduLog(path(), { after, limit: 400 });
      if (page.lines.length === 0) break;
      expect(page.lines.at(-1)).toBe(0x0a);
      pages.push(page.lines);
      after = page.next;
    }
    expect(pages.length).toBeGreaterThan(2);
    expect(Buffer.concat(pages)).toEqual(whole);
  });
});
