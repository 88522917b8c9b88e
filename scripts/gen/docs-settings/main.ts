// `node --conditions=bijli-source scripts/gen/docs-settings/main.ts [--write]`: compares the settings in each service's README with its config.ts.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeclaredSetting, declaredSettings } from '@bijli/service';
import { type DocumentedService, docsSettingsGate, withSettingsTable } from './docs-settings-gate.ts';

type ConfigModule = { readonly readConfig: Parameters<typeof declaredSettings>[0] };

const root = join(import.meta.dirname, '../../..');
const services = await Promise.all(servicesWithConfig().map(documented));
if (process.argv.includes('--write')) services.forEach(write);
else report();

function servicesWithConfig(): string[] {
  return readdirSync(join(root, 'services')).filter((name) =>
    existsSync(join(root, 'services', name, 'src/config.ts')),
  );
}

async function documented(name: string): Promise<DocumentedService> {
  const path = `services/${name}/README.md`;
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
  return { path, text, settings: await settingsOf(name) };
}

async function settingsOf(name: string): Promise<DeclaredSetting[]> {
  const config = (await import(join(root, 'services', name, 'src/config.ts'))) as ConfigModule;
  return declaredSettings(config.readConfig);
}

function write({ path, text, settings }: DocumentedService): void {
  const written = withSettingsTable(text, settings);
  if (written !== null && written !== text) writeFileSync(join(root, path), written);
}

function report(): void {
  const findings = docsSettingsGate(services);
  for (const { path, line, what } of findings) console.error(`${path}:${line}: ${what}`);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`settings: ${services.length} services documented`);
}
