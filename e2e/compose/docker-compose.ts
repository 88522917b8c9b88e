import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const repository = join(import.meta.dirname, '../..');
const timeoutMs = 900_000; // the first build fetches every package
const mostOutput = 64e6;
const project = 'bijli-check';
const basePort = Number(process.env['BIJLI_PORT'] ?? 20_500);

/** What is published, by distance from the base port. */
const offsets = {
  'consumer-registry': 1,
  outage: 2,
  billing: 3,
  complaint: 4,
  notifier: 5,
  'sms-simulator': 6,
  'schema-endpoint': 8,
  registry: 18,
  jaeger: 19,
} as const;
type Published = keyof typeof offsets;

const ports = Object.entries(offsets).map(([service, offset]) => [
  `${service.replaceAll('-', '_').toUpperCase()}_PORT`,
  String(basePort + offset),
]);
const env = { ...process.env, ...Object.fromEntries(ports) };

/** Address of a service's HTTP on this machine. */
export function at(service: Published, path = ''): string {
  return `http://127.0.0.1:${basePort + offsets[service]}${path}`;
}

/** Runs `docker …` and answers what it printed, without the last newline; fails with its complaints. */
export async function docker(...args: string[]): Promise<string> {
  const options = { cwd: repository, env, timeout: timeoutMs, maxBuffer: mostOutput };
  return (await promisify(execFile)('docker', args, options)).stdout.trim();
}

/** Runs `docker compose …` on a project of the check's own, so with volumes and networks of its own. */
export function compose(...args: string[]): Promise<string> {
  return docker('compose', '--project-name', project, '--progress', 'quiet', ...args);
}

/** The containers that run. */
export async function containers(): Promise<string[]> {
  return (await compose('ps', '--quiet')).split('\n');
}
