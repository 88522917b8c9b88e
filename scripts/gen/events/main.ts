import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.ts';
import { readPublished, readSchemas } from '../schemas/schema-files.ts';

// `npm run gen` writes the types of the events; `npm run gen -- --check` only tells whether they are fresh.

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const schemas = join(root, 'schemas');
const target = join(root, 'libs', 'events', 'src', 'generated');

const present = (): string[] => (existsSync(target) ? readdirSync(target) : []);

const isFresh = (name: string, text: string): boolean =>
  existsSync(join(target, name)) && readFileSync(join(target, name), 'utf8') === text;

const staleFiles = (wanted: ReadonlyMap<string, string>): string[] => [
  ...[...wanted].filter(([name, text]) => !isFresh(name, text)).map(([name]) => name),
  ...present().filter((name) => !wanted.has(name)),
];

function write(wanted: ReadonlyMap<string, string>): void {
  mkdirSync(target, { recursive: true });
  for (const name of present()) if (!wanted.has(name)) rmSync(join(target, name));
  for (const [name, text] of wanted) writeFileSync(join(target, name), text);
}

function main(): void {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--check');
  if (unknown.length > 0) throw new Error(`npm run gen takes --check only, not ${unknown.join(' ')}`);
  const wanted = generate(readSchemas(schemas), readPublished(schemas));
  const stale = staleFiles(wanted);
  if (!process.argv.includes('--check')) {
    write(wanted);
    console.log(`events: ${wanted.size} files, ${stale.length} changed`);
  } else if (stale.length > 0) {
    console.error(`events: stale: ${stale.join(', ')}; run npm run gen`);
    process.exitCode = 1;
  }
}

main();
