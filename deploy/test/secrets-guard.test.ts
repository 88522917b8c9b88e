import { parseBlindIndexKey, parseSealKeys } from '@bijli/units';
import { describe, expect, test } from '@jest/globals';
import { buildOverlay } from './build-overlay.ts';
import { edited, without } from './edited.ts';
import { keysOf, madeSecrets, type Secret } from './made-secrets.ts';
import { secretProblems } from './secrets-guard.ts';

const resources = buildOverlay('district');
const secrets = madeSecrets({ smppPassword: 'p"$x: y\n' });
const named = (name: string): Secret | undefined => secrets.find(({ metadata }) => metadata.name === name);

describe('the secrets', () => {
  test('that make-secrets.sh makes are those that somebody needs', () => {
    expect(secretProblems(resources, keysOf(secrets))).toEqual([]);
  });

  test('of a service are a password at random, and the address with it', () => {
    const { username, password, 'database-url': url = '' } = named('consumer-registry-app')?.stringData ?? {};

    expect({ username, password }).toEqual({
      username: 'consumer_registry_app',
      password: expect.stringMatching(/^[0-9a-f]{48}$/),
    });
    expect(new URL(url)).toMatchObject({
      username,
      password,
      hostname: 'bijli-postgres-rw',
      pathname: '/consumer_registry',
    });
    const passwords = secrets.flatMap(({ stringData }) => stringData?.['password'] ?? []);
    expect(new Set(passwords).size).toBe(10);
  });

  test('of numbers are keys that the services take, and the carrier’s password is as it was given', () => {
    const { 'seal-keys': sealKeys = '', 'blind-index-key': blindIndexKey = '' } =
      named('number-keys')?.stringData ?? {};

    expect(parseSealKeys(sealKeys)).toBeDefined();
    expect(parseBlindIndexKey(blindIndexKey)).toBeDefined();
    expect(Buffer.from(named('smpp-account')?.data?.['password'] ?? '', 'base64').toString()).toBe('p"$x: y');
  });

  test('stay as they are once they are there', () => {
    expect(madeSecrets({ isThere: true })).toEqual([]);
  });

  test('are found in the tree, missing, or made for nobody', () => {
    const inTree = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'demo' } };
    const made = keysOf(secrets);

    expect(secretProblems([...resources, inTree], made)).toEqual(['demo is a secret in the tree']);
    expect(secretProblems(resources, made.slice(1))).toEqual([`nobody makes ${made[0]}`]);
    expect(secretProblems(resources, [...made, 'portal-app/password'])).toEqual(['nobody needs portal-app/password']);
    expect(secretProblems(without(resources, 'KafkaUser', 'outage'), made)).toEqual([
      'nobody makes kafka-user-outage/password',
    ]);
    const other = edited(resources, 'Cluster', '/spec/managed/roles/0/passwordSecret/name', { value: 'somebody' });
    expect(secretProblems(other, made)).toContain('nobody makes somebody/password');
  });
});
