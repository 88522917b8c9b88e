import { describe, expect, test } from '@jest/globals';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import { watchForLine } from './wait-for-line.ts';

async function run(line: string, timeoutMs: number): Promise<{ server: GuardedProcess; ready: Promise<void> }> {
  const watch = watchForLine('the server', 'ready to serve', timeoutMs);
  const server = await spawnGuarded({
    command: '/bin/sh',
    args: ['-c', line],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stopSignal: 'TERM',
    lastSignal: 'KILL',
    stopWithinSeconds: 1,
    onOutput: watch.see,
  });
  return { server, ready: watch.wait(server) };
}

describe('watchForLine', () => {
  test('waits until the server says that it serves', async () => {
    const { server, ready } = await run('echo now ready to serve; exec sleep 60', 10_000);

    await expect(ready).resolves.toBeUndefined();
    await server.stop();
  });

  test('says what a server that ends said last', async () => {
    const { ready } = await run('echo no space left; exit 1', 10_000);

    await expect(ready).rejects.toThrow('the server ended with 1 before it was ready\nno space left');
  });

  test('stops a server that is not ready in time', async () => {
    const { server, ready } = await run('exec sleep 60', 50);

    await expect(ready).rejects.toThrow('the server was not ready within 50 ms');
    expect(await server.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });
});
