import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiDescription, type Endpoint, openApiDocument } from '@bijli/service';

/** A service as its OpenAPI document needs it. */
export type DescribedService = {
  readonly name: string;
  readonly api: ApiDescription;
  readonly endpoints: readonly Endpoint[];
};

type Problem = { readonly message: string; readonly ruleId: string; readonly location: { pointer?: string }[] };

/**
 * Says what is wrong with the OpenAPI documents of services: all that Redocly's linter finds, and JSON bodies without an example that their
 * own endpoint would take.
 */
export function apiDocumentsGate(services: readonly DescribedService[], now: Date): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-api-'));
  try {
    const examples = services.flatMap(({ name, endpoints }) =>
      endpoints.flatMap((endpoint) => exampleProblems(endpoint, now).map((what) => `${name}: ${what}`)),
    );
    return [...examples, ...services.flatMap((service) => lint(folder, service, now))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function exampleProblems({ method, path, schemas, examples }: Endpoint, now: Date): string[] {
  if (schemas.body === undefined) return [];
  const at = `${method} ${path}`;
  const body = examples?.(now).body;
  if (body === undefined) return [`${at} has no example of its body`];
  const parsed = schemas.body.safeParse(body);
  return parsed.success ? [] : [`${at} would refuse the example of its body: ${parsed.error.message}`];
}

function lint(folder: string, { name, api, endpoints }: DescribedService, now: Date): string[] {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(openApiDocument({ version: '0', api, endpoints, now })));
  return problemsIn(file).map(
    ({ ruleId, message, location }) => `${name}: ${location[0]?.pointer ?? ''} ${ruleId}: ${message}`,
  );
}

function problemsIn(file: string): Problem[] {
  const linter = join(import.meta.dirname, '../node_modules/@redocly/cli/bin/cli.js');
  const options = ['lint', file, '--config', join(import.meta.dirname, 'redocly.yaml'), '--format', 'json'];
  // Nothing is reported to its makers, and nobody is asked for a newer version.
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  let report: string;
  try {
    report = execFileSync(process.execPath, [linter, ...options], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    report = String((error as { stdout?: unknown }).stdout); // it ends with 1 where it found something
  }
  return (JSON.parse(report) as { problems: Problem[] }).problems;
}
