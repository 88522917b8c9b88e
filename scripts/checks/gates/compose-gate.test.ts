import { describe, expect, test } from '@jest/globals';
import { composeGate } from './compose-gate.ts';

const right = `services:
  postgres:
    image: postgres:18.4
  outage:
    <<: *service
    image: bijli-alert:local
    working_dir: /app/services/outage
    ports: ["127.0.0.1:\${OUTAGE_PORT:-18002}:18002"]
`;

/** What the gate finds in a docker-compose.yml beside one service, the sink of `npm start` and a Dockerfile. */
function found(compose: string, base = 'node:24.21.0-bookworm-slim'): string[] {
  const files = [
    { path: 'package.json', text: '{ "config": { "node": "24.21.0" } }' },
    { path: 'Dockerfile', text: `ARG NODE_IMAGE=${base}\nFROM \${NODE_IMAGE}\n` },
    { path: 'docker-compose.yml', text: compose },
  ];
  const services = ['services/outage/package.json', 'services/trace-sink/package.json'];
  const paths = [...files.map(({ path }) => path), ...services];
  return composeGate(files, paths).map(({ path, line, what }) => `${path}:${line}: ${what}`);
}

describe('the gate of the containers', () => {
  test('finds nothing where every service has its entry', () => {
    expect(found(right)).toEqual([]);
    expect(found(right.replace('18.4', `18@sha256:${'a'.repeat(64)}`))).toEqual([]);
  });

  test.each([
    ['  outage:\n', '  outages:\n'],
    ['services/outage', 'services/billing'],
  ])('misses a service where %j is %j', (from, to) => {
    expect(found(right.replace(from, to))).toEqual(['docker-compose.yml:1: services/outage has no entry that runs it']);
  });

  test.each(['postgres', 'postgres:latest', 'postgres:18', 'apache/kafka:main'])('refuses the image %s', (image) => {
    expect(found(right.replace('postgres:18.4', image))).toEqual([
      `docker-compose.yml:3: ${image} may be another image tomorrow: name its version`,
    ]);
  });

  test.each([
    ['127.0.0.1:', '', '${OUTAGE_PORT:-18002}:18002'],
    ['"]', '", "9092:9092"]', '9092:9092'],
    [/ \["127.*/, '\n      - 9092:9092', 'what is not in this line'],
  ])('refuses a port that is open to everybody: %j as %j', (from, to, open) => {
    expect(found(right.replace(from, to))).toEqual([
      `docker-compose.yml:8: published to everybody who reaches this machine: ${open}`,
    ]);
  });

  test('refuses another Node than that of `npm start`', () => {
    expect(found(right, 'node:22.22.0-bookworm-slim')).toEqual(['Dockerfile:1: package.json names Node 24.21.0']);
  });
});
