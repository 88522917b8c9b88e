// The step `registry-fill` of docker-compose.yml: brings the published schemas into a registry, under the ids that records carry.
import { publishedSchemas } from '@bijli/events';
import { registerSchemas } from './register-schemas.ts';

const registry = String(process.env['SCHEMA_REGISTRY_URL']);
const answersWithinMs = 120_000;
const pauseMs = 500;

await waitUntilItAnswers();
console.log(`schemas: ${await registerSchemas(ask, publishedSchemas())}`);

async function waitUntilItAnswers(): Promise<void> {
  const deadline = performance.now() + answersWithinMs;
  while (
    !(await fetch(`${registry}/subjects`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() > deadline) throw new Error(`${registry} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
  const answer = await fetch(`${registry}${path}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (answer.status === 200) return JSON.parse(text);
  throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
}
