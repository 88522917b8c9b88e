import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiDescription, type Endpoint } from '@bijli/service';
import { apiDocumentsGate, type DescribedService } from './api-documents-gate.ts';

const services = join(import.meta.dirname, '../../../services');

/** Reads a service's endpoints. They are only looked at, so what they work with does not have to be there. */
async function describe(name: string): Promise<DescribedService> {
  const http = join(services, name, 'src/http');
  const { routes } = (await import(join(http, 'routes.ts'))) as { routes: (context: object) => Endpoint[] };
  const { api } = (await import(join(http, 'api-description.ts'))) as { api: ApiDescription };
  return { name, api, endpoints: routes({}) };
}

const names = readdirSync(services).filter((name) => existsSync(join(services, name, 'src/http/routes.ts')));
const findings = apiDocumentsGate(await Promise.all(names.map(describe)), new Date());
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else console.log(`api documents: ${names.length} services looked at`);
