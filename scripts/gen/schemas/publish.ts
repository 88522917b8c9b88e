import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishSchemas } from './publish-schemas.ts';

// `npm run publish-schemas` makes the next version of every schema that
// changed on the wire, after the compatibility gate. What is published never changes again.

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

function main(): void {
  const folder = process.argv[2] ?? join(repository, 'schemas');
  const { problems, published, files } = publishSchemas(folder);
  for (const { file, rule, detail } of problems) console.error(`${file}: ${rule}: ${detail}`);
  if (problems.length > 0) process.exitCode = 1;
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(published.length === 0 ? 'nothing to publish' : `published ${published.join(', ')}; now run npm run gen`);
}

main();
