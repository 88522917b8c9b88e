import { openDatabase } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { sendingComponent } from './sending-component.ts';

const MINUTE_MS = 60_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a provider that throttles', () => {
  test('is one line in the log a minute, with the parts since the one before', async () => {
    const lines: string[] = [];
    let throttled = 0;
    const part = sendingComponent({
      // Asked by nobody here.
      db: openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'test', onIdleError: () => {} }),
      log: openLog('notifier', 'info', { write: (line) => void lines.push(line) }),
      standing: () => ({ isUp: true, since: new Date(), problem: null }),
      throttled: () => throttled,
    });
    await part.start();

    jest.advanceTimersByTime(MINUTE_MS);
    expect(lines).toEqual([]);
    for (let second = 0; second < 150; second += 1) {
      throttled += 10;
      jest.advanceTimersByTime(1_000);
    }
    await part.stop();

    const parts = lines.map((line) => (JSON.parse(line) as { parts: number }).parts);
    expect(parts).toEqual([10, 600, 600]);
    expect(lines[0]).toContain('"level":"warn"');
  });
});
