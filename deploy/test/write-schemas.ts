// The last step of make-schemas.sh: `write-schemas.ts <what they come from> <file of a definition>…` writes generated/<kind>.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Definition, schemaOf } from './crd-schema.ts';

const [origin, ...files] = process.argv.slice(2);
for (const file of files) {
  const definition = parse(readFileSync(file, 'utf8')) as Definition;
  const { group, names } = definition.spec;
  const $id = `${group}/v1/${names.kind}`;
  const schema = { $id, $comment: `Made by make-schemas.sh from ${origin}.`, ...schemaOf(definition, 'v1') };
  writeFileSync(join(import.meta.dirname, 'generated', `${names.kind}.json`), `${JSON.stringify(schema)}\n`);
}
