import { describe, expect, test } from '@jest/globals';
import { makeTown, townCsv } from './town.ts';

const town = makeTown();

/** The numbers by rules of the test's own. */
function mobileOf(written: string): string | undefined {
  const digits = [...written]
    .map((sign) => {
      const at = '०१२३४५६७८९'.indexOf(sign);
      return at < 0 ? sign : String(at);
    })
    .join('');
  const bare = digits.replace(/\.0$/, '').replaceAll(/[^0-9]/g, '');
  const [, number] = /^(?:0{0,2}91)?0?([6-9]\d{9})$/.exec(bare) ?? [];
  return number !== undefined && new Set(number).size > 1 ? number : undefined;
}

const share = (part: number, whole: number): number => part / whole;

describe('makeTown', () => {
  const written = town.connections.filter(({ mobile }) => mobile !== '');
  const mobiles = Map.groupBy(
    written.filter(({ mobile }) => mobileOf(mobile)),
    ({ mobile }) => mobileOf(mobile) as string,
  );

  test('makes 5,000 connections with unique ten-digit accounts, each on a node of the network', () => {
    const codes = new Set(town.network.map(({ code }) => code));

    expect(town.connections).toHaveLength(5_000);
    expect(new Set(town.connections.map((row) => row.account_number)).size).toBe(5_000);
    for (const row of town.connections) {
      expect(row.account_number).toMatch(/^\d{10}$/);
      expect(codes).toContain(row.node_code);
    }
  });

  test('leaves 12 % without number and writes 3 % that are none', () => {
    expect(town.connections.length - written.length).toBe(600);
    expect(written.filter(({ mobile }) => !mobileOf(mobile))).toHaveLength(150);
  });

  test('puts 8 % of the mobiles on 2 to 40 connections', () => {
    const counts = [...mobiles.values()].map((rows) => rows.length);
    const shared = counts.filter((count) => count > 1);

    expect(share(shared.length, counts.length)).toBeCloseTo(0.08, 2);
    expect(Math.max(...counts)).toBe(40);
  });

  test('lets 80 % read Hindi, and every mobile one language', () => {
    const hindi = town.connections.filter(({ language }) => language === 'hi');

    expect(share(hindi.length, town.connections.length)).toBeCloseTo(0.8, 1);
    for (const rows of mobiles.values()) expect(new Set(rows.map(({ language }) => language)).size).toBe(1);
  });

  test('never gives anybody a magic number of the simulator', () => {
    for (const number of mobiles.keys()) expect(number).not.toMatch(/^999990000[1-5]$/);
  });

  test('has critical consumers, and numbers as people write them', () => {
    const categories = new Set(town.connections.map(({ category }) => category));

    for (const category of ['hospital', 'waterworks', 'life-support']) expect(categories).toContain(category);
    for (const form of [/^0\d{10}$/, /^\+91/, /^\d{5} \d{5}$/, /^[०-९]{10}$/])
      expect(written.some(({ mobile }) => form.test(mobile))).toBe(true);
  });

  test('gives every node but the zone a parent that comes before it', () => {
    const seen = new Set<string>(['']);
    for (const { code, parent_code } of town.network) {
      expect(seen).toContain(parent_code);
      seen.add(code);
    }
    expect(town.network.filter(({ parent_code }) => parent_code === '')).toHaveLength(1);
  });

  test('makes the same town for the same seed and another for another', () => {
    expect(townCsv(makeTown())).toEqual(townCsv(town));
    expect(townCsv(makeTown(2)).connections).not.toBe(townCsv(town).connections);
  });
});

test('townCsv quotes what holds a comma', () => {
  const [header, first] = townCsv(town).connections.split('\n');

  expect(header).toBe(
    'account_number,category,state,node_code,locality_en,locality_hi,meter_number,consumer_name,mobile,language,old_account_numbers',
  );
  expect(first).toMatch(/^41\d{8},[a-z]+,[a-z]+,DT-110101,"\d+, /);
});
