import { describe, expect, test } from '@jest/globals';
import { readStartSettings } from './settings.ts';

describe('readStartSettings', () => {
  test('counts every port from BIJLI_PORT', () => {
    const { ports } = readStartSettings({ BIJLI_PORT: '24000' }, []);

    expect(ports['consumer-registry']).toBe(24_001);
    expect(ports['kafka-controller']).toBe(24_012);
    expect(new Set(Object.values(ports)).size).toBe(Object.values(ports).length);
  });

  test('keeps its data beside the code unless BIJLI_DATA says where', () => {
    expect(readStartSettings({}, []).dataFolder).toMatch(/\/\.data$/);
    expect(readStartSettings({ BIJLI_DATA: '/elsewhere' }, []).dataFolder).toBe('/elsewhere');
  });

  test.each(['0', '80', '65535', 'many', '18000.5'])('refuses BIJLI_PORT=%s', (port) => {
    expect(() => readStartSettings({ BIJLI_PORT: port }, [])).toThrow('BIJLI_PORT is');
  });

  test('refuses what it does not know', () => {
    expect(() => readStartSettings({}, ['--frehs'])).toThrow('npm start does not know --frehs');
  });

  test('leaves the town out when texts go to people, unless it is asked for', () => {
    const own = { SMPP_HOST: 'smsc.example', SMPP_SYSTEM_ID: 'uppcl1', SMPP_PASSWORD: 'x', SMS_HEADER: 'UPPCLT' };
    const env = { ...own, DLT_ENTITY_ID: '1101' };

    expect(readStartSettings({}, []).withTown).toBe(true);
    expect(readStartSettings(env, []).withTown).toBe(false);
    expect(readStartSettings(env, ['--town']).withTown).toBe(true);
  });

  test('does not forget what is in servers of the user’s own', () => {
    expect(() => readStartSettings({ DATABASE_URL: 'postgres://x/y' }, ['--fresh'])).toThrow('--fresh forgets');
  });
});
