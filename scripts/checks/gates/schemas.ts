import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSchemas } from '@bijli/gen/schemas/schemas-check';

// `node --conditions=bijli-source scripts/checks/gates/schemas.ts [folder]` checks every schema and every published version.

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

function main(): void {
  const problems = checkSchemas(process.argv[2] ?? join(repository, 'schemas'));
  for (const { file, rule, detail } of problems) console.error(`${file}: ${rule}: ${detail}`);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('schemas: in the subset, published and compatible in every direction');
}

main();
