import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { crashNews } from './crash-news.ts';

const said: string[] = [];
const page = { isReady: true, url: '' };
const server = createServer((_request, response) => response.writeHead(page.isReady ? 200 : 503).end());

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  page.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
});
beforeEach(() => {
  said.splice(0);
  page.isReady = false;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const say = (line: string): void => void said.push(line);
const toldOf = { name: 'billing', logFile: '/data/logs/billing.log' };

describe('the news of a process', () => {
  test('are its end with its words and where the log is, and that it is back', async () => {
    const news = crashNews({ ...toldOf, readyAt: page.url }, say);

    news.ended('ended with exit code 1', 'settings are wrong: PORT: is not a port');
    expect(said).toEqual([
      '  billing ended with exit code 1: starting it again',
      '    settings are wrong: PORT: is not a port',
      '    its log: /data/logs/billing.log',
    ]);
    page.isReady = true;

    await until(() => said.at(-1) === '  billing is ready again', { describe: 'the news' });
    news.stop();
  });

  test('say of a crash loop only every power of two, and anew what it ends with', () => {
    const news = crashNews(toldOf, say);

    for (let end = 0; end < 100; end += 1) news.ended('ended with exit code 1', 'no codec');
    expect(said.filter((line) => line.includes('starting it again'))).toEqual([
      '  billing ended with exit code 1: starting it again',
      ...[2, 4, 8, 16, 32, 64].map(
        (times) => `  billing ended with exit code 1: starting it again (${times} times in a row)`,
      ),
    ]);
    news.ended('ended with exit code 1', 'no database');

    expect(said.slice(-3)).toEqual([
      '  billing ended with exit code 1: starting it again',
      '    no database',
      '    its log: /data/logs/billing.log',
    ]);
  });

  test('are no news of a process that is stopped', async () => {
    const news = crashNews({ ...toldOf, readyAt: page.url }, say);
    news.ended('was ended by SIGKILL', null);
    news.stop();
    page.isReady = true;
    const other = crashNews({ ...toldOf, name: 'outage', readyAt: page.url }, say);
    other.ended('was ended by SIGKILL', null);

    await until(() => said.includes('  outage is ready again'), { describe: 'the other one to be back' });
    expect(said).not.toContain('  billing is ready again');
    other.stop();
  });
});
