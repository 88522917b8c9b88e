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

  test('does not forget what is in servers of the user’s own', () => {
    expect(() => readStartSettings({ DATABASE_URL: 'postgres://x/y' }, ['--fresh'])).toThrow('--fresh forgets');
  });
});
