import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildOverlay } from './build-overlay.ts';
import { type Edit, edited } from './edited.ts';
import type { Resource } from './resources.ts';
import { type ConfigModule, settingsProblems } from './settings-guard.ts';

const services = join(import.meta.dirname, '../../services');
const resources = buildOverlay('district');
const configs: Record<string, ConfigModule> = {};
beforeAll(async () => {
  for (const name of readdirSync(services)) {
    const config = join(services, name, 'src/config.ts');
    if (existsSync(config)) configs[name] = (await import(config)) as ConfigModule;
  }
});

/** What is wrong with outage, and only there, when its ConfigMap has one more setting. */
function withSetting(name: string, value: string): string[] {
  const given = resources.map((resource): Resource => {
    const isOurs = resource.kind === 'ConfigMap' && resource.metadata.name.startsWith('outage-settings-');
    return isOurs ? { ...resource, data: { ...resource.data, [name]: value } } : resource;
  });
  return settingsProblems(given, configs);
}

const ofEach = (path: string, edit: Edit): string[] =>
  settingsProblems(edited(resources, 'Deployment', path, edit), configs);

describe('the settings of the services', () => {
  test('are what they ask for', () => {
    expect(settingsProblems(resources, configs)).toEqual([]);
  });

  test('are missed where one that is needed is not given', () => {
    expect(ofEach('/spec/template/spec/containers/0/envFrom/0', 'removed')).toContain(
      'outage: DATABASE_URL: is missing (an address with postgres:// or postgresql://, or DATABASE_URL_FILE)',
    );
  });

  test.each([
    ['KAFKA_BROKER', 'kafka:9092', 'KAFKA_BROKER is no setting of it'],
    ['KAFKA_SASL_MECHANISM', 'plain', 'KAFKA_SASL_MECHANISM: is not one of none, scram-sha-512'],
    ['PORT', 'http', 'PORT: is not a whole number from 0 to 65535'],
    [
      'DATABASE_URL_FILE',
      '/run/database-url',
      'DATABASE_URL_FILE names /run/database-url, which no secret of the pod is at',
    ],
    ['TLS_FILE', '/app/gone.json', 'TLS_FILE names /app/gone.json, which no secret of the pod is at'],
  ])('are found when %s=%s', (name, value, problem) => {
    expect(withSetting(name, value)).toContain(`outage: ${problem}`);
  });

  test('are found when the pod has not the secret that they name', () => {
    expect(ofEach('/spec/template/spec/containers/0/volumeMounts', { value: [] })).toContain(
      'notifier: SEAL_KEYS_FILE names /run/secrets/bijli-alert/seal-keys, which no secret of the pod is at',
    );
  });
});
