import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { awaitAudience } from './await-audience.ts';
import { readAudience, readHeard } from './heard.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A notifier that goes from one state to the next each time it is asked for its metrics. */
async function notifierOf(
  states: readonly { startedAt?: number; applied: number; connections: number; dead?: number; isAway?: boolean }[],
) {
  let at = -1;
  server = createServer((request, response) => {
    if (request.url === '/metrics') at = Math.min(at + 1, states.length - 1);
    const { startedAt = 1, applied = 0, connections = 0, dead = 0, isAway = false } = states[at] ?? {};
    if (isAway) return request.socket.destroy();
    const metrics = [
      `process_start_time_seconds{service="notifier"} ${startedAt}`,
      'bijli_subscription_applied_total{part="subscriptions",subscription="network",mode="projection",service="notifier"} 3',
      `bijli_subscription_applied_total{part="subscriptions",subscription="audience",mode="projection",service="notifier"} ${applied}`,
      'bijli_subscription_superseded_total{part="subscriptions",subscription="audience",mode="projection",service="notifier"} 1',
      `bijli_subscription_dead_total{part="subscriptions",subscription="audience",mode="projection",service="notifier"} ${dead}`,
    ].join('\n');
    return response.end(
      request.url === '/metrics' ? metrics : JSON.stringify({ connections, contacts: connections, reachable: 1 }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const expected = { before: await readHeard(url), audienceBefore: await readAudience(url), nodes: 0 };
  const told: string[] = [];
  const around = {
    news: { say: () => undefined, progress: (line: string) => void told.push(line) },
    signal: new AbortController().signal,
  };
  return { url, expected, around, told, asked: () => at };
}

test('waits until everything is heard', async () => {
  const { url, expected, around, told } = await notifierOf([
    { applied: 10, connections: 10 },
    { applied: 12, connections: 12 },
    { applied: 15, connections: 14 },
  ]);

  const { audience, dead } = await awaitAudience(url, { ...expected, connections: 5, registered: 4 }, around);

  expect([audience.connections, dead]).toEqual([14, 0]);
  expect(told).toEqual(['notifier: has heard of 2 of 5 connections']);
});

test('goes by the audience alone where the notifier was started anew', async () => {
  const { url, expected, around, asked } = await notifierOf([
    { applied: 10, connections: 10 },
    { startedAt: 2, applied: 1, connections: 11 },
    { startedAt: 2, applied: 4, connections: 14 },
  ]);

  await awaitAudience(url, { ...expected, connections: 4, registered: 4 }, around);

  expect(asked()).toBe(2);
});

test('waits for one that is away, and counts what it could not handle', async () => {
  const { url, expected, around, told } = await notifierOf([
    { applied: 10, connections: 10 },
    { applied: 10, connections: 10, isAway: true },
    { applied: 13, connections: 13, dead: 1 },
  ]);

  const { dead } = await awaitAudience(url, { ...expected, connections: 4, registered: 4 }, around);

  expect(dead).toBe(1);
  expect(told).toEqual(['notifier: does not answer at the moment']);
});

test('says that everything is taken when the user stops', async () => {
  const { url, expected, around } = await notifierOf([{ applied: 10, connections: 10 }]);

  const waiting = awaitAudience(
    url,
    { ...expected, connections: 5, registered: 5 },
    { ...around, signal: AbortSignal.abort() },
  );

  await expect(waiting).rejects.toThrow('Stopped: everything is taken');
});
