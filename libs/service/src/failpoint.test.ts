import { afterEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.ts';
import { armFailpoints, disarmFailpoints, failpoint } from './failpoint.ts';

const warnings: unknown[] = [];
const log = { warn: (fields: unknown) => void warnings.push(fields) } as unknown as Parameters<typeof armFailpoints>[1];

afterEach(() => {
  disarmFailpoints();
  warnings.length = 0;
});

describe('failpoint', () => {
  test('does nothing unless it is armed', async () => {
    armFailpoints('other.place=throw', log);

    await expect(failpoint('relay.before-mark')).resolves.toBeUndefined();
  });

  test('throws where it is armed to, and says so at WARN', async () => {
    armFailpoints(' relay.before-mark=throw , ', log);

    await expect(failpoint('relay.before-mark')).rejects.toThrow('failpoint relay.before-mark');
    expect(warnings).toEqual([{ failpoint: 'relay.before-mark', action: 'throw', at: undefined }]);
  });

  test('fires only at the n-th arrival where n is given', async () => {
    armFailpoints('a=throw@2', log);

    await failpoint('a');
    await expect(failpoint('a')).rejects.toThrow();
    await failpoint('a');
  });

  test.each(['a', 'a=explode', 'a=kill@0', 'A B=kill'])('refuses to start with "%s"', (text) => {
    expect(() => armFailpoints(text, log)).toThrow(ConfigError);
  });
});
