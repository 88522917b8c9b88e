import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@bijli/postgres';
import { freshDatabase, testKafkaBrokers, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DatabaseName, databaseNames, type DatabaseUrls } from '@bijli/start/databases';
import { freePorts } from '@bijli/start/free-ports';
import type { GuardedProcess } from '@bijli/start/guarded-process';
import { sourcesOf } from '@bijli/start/migrations';
import { openSecrets } from '@bijli/start/secrets';
import { address, launchOf, servicePrograms } from '@bijli/start/services';
import { readStartSettings, repository, type StartSettings } from '@bijli/start/settings';
import { metricFamilies, type MetricFamily } from './metric-families.ts';
import { metricsPage } from './metrics-page.ts';

const page = join(repository, 'docs/metrics.md');
const given = new Map<string, MetricFamily[]>();
const failed: string[] = [];
const processes: GuardedProcess[] = [];
const databases: { close(): Promise<unknown> }[] = [];
const place = { data: '' };

beforeAll(async () => {
  place.data = mkdtempSync(join(tmpdir(), 'metrics-page-'));
  const settings = await settingsOnFreePorts(place.data);
  const secrets = await openSecrets(join(place.data, 'secrets'));
  const programs = servicePrograms(settings, {
    urls: await freshDatabases(),
    brokers: testKafkaBrokers()[0] ?? '',
    secrets,
  });
  for (const program of programs) processes.push(await launchOf(program)(() => {}));
  for (const { name } of programs) {
    const text = await metricsAt(address(settings, name, '/metrics'));
    given.set(name, metricFamilies(text));
    failed.push(...(text.match(/^bijli_metrics_failed\{.*\} 1$/gm) ?? []));
  }
}, 120_000);
afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await Promise.all(databases.map((database) => database.close()));
  rmSync(place.data, { recursive: true, force: true });
});

/** As `npm start` has them, elsewhere. */
async function settingsOnFreePorts(data: string): Promise<StartSettings> {
  const settings = readStartSettings({ BIJLI_DATA: data }, []);
  const ports = await freePorts(Object.keys(settings.ports).length);
  const listeners = Object.keys(settings.ports).map((listener, place) => [listener, ports[place]]);
  return { ...settings, ports: Object.fromEntries(listeners) as StartSettings['ports'] };
}

async function freshDatabases(): Promise<Record<DatabaseName, DatabaseUrls>> {
  const made = databaseNames.map(async (name) => {
    const prepare = async (url: string) => void (await migrate({ url, sources: sourcesOf(name) }));
    const database = await freshDatabase({ name: `metrics_${name}`, prepare });
    databases.push(database);
    return [name, { owner: database.url, app: database.url }];
  });
  return Object.fromEntries(await Promise.all(made)) as Record<DatabaseName, DatabaseUrls>;
}

/** A request before it, so that there is one to count. */
async function metricsAt(url: string): Promise<string> {
  await until(async () => (await fetch(url).catch(() => null))?.ok, {
    describe: `${url} to answer`,
    deadlineMs: 60_000,
  });
  return await (await fetch(url)).text();
}

describe('the page of the metrics', () => {
  test('shows what the running services give', () => {
    const written = metricsPage(given);
    if (process.env['WRITE_METRICS']) writeFileSync(page, written);

    expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(written);
  });

  test('shows of each metric what it counts', () => {
    const families = [...given.values()].flat();

    expect(families.length).toBeGreaterThan(100);
    expect(families.filter(({ help, kind }) => help === 'Not described' || kind === 'untyped')).toEqual([]);
  });

  test('shows those of every part: none failed to give its own', () => {
    expect(failed).toEqual([]);
  });
});
