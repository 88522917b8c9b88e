import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Resource } from './resources.ts';

const folder = join(import.meta.dirname, 'generated');
const ajv = new Ajv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
});
const validators = new Map<string, ValidateFunction>(
  readdirSync(folder).map((file) => {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { $id: string };
    return [schema.$id, ajv.compile(schema)];
  }),
);

/** Tells whether the kind of a resource is one of an operator (Strimzi, CloudNativePG), not one of Kubernetes. */
export function isCustom({ apiVersion }: Resource): boolean {
  return /\.(strimzi|cnpg)\.io\//.test(apiVersion);
}

/** Says what is wrong with a resource of an operator, by its schema; nothing when it is right. */
export function problemsOfCustom(resource: Resource): string[] {
  const name = `${resource.kind} ${resource.metadata.name}`;
  const validate = validators.get(`${resource.apiVersion}/${resource.kind}`);
  if (!validate) return [`${name}: ${resource.apiVersion} has no such kind`];
  if (validate(resource)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const other = (params as { additionalProperty?: string }).additionalProperty;
    return `${name}: ${instancePath || '/'} ${message}${other === undefined ? '' : `: ${other}`}`;
  });
}
