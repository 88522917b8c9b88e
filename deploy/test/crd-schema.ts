/** A JSON Schema, as far as definitions of Kubernetes resources use it. */
export type Schema = { readonly [keyword: string]: unknown };

/** What is read of a CustomResourceDefinition. */
export type Definition = {
  readonly spec: {
    group: string;
    names: { kind: string };
    versions: readonly { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
};

/** Keywords that decide whether a resource is right; texts, defaults and rules in CEL are left out. */
const kept = [
  'type',
  'enum',
  'required',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
];

/**
 * Makes a JSON Schema of one version of a resource definition: what it does not name is refused, as `kubectl` refuses it, except where it
 * says that it keeps whatever there is. The status is left out: its operator writes it.
 * @throws when the definition has no such version.
 */
export function schemaOf(definition: Definition, version: string): Schema {
  const found = definition.spec.versions.find(({ name }) => name === version);
  if (!found) throw new Error(`${definition.spec.names.kind} has no version ${version}`);
  const { status: _, ...properties } = found.schema.openAPIV3Schema['properties'] as Record<string, Schema>;
  return closed({ ...found.schema.openAPIV3Schema, properties });
}

function closed(schema: Schema): Schema {
  const properties = schema['properties'] as Record<string, Schema> | undefined;
  const items = schema['items'] as Schema | undefined;
  const others = schema['additionalProperties'] as Schema | boolean | undefined;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || properties === undefined;
  return {
    ...keywordsOf(schema),
    ...alternativesOf(schema),
    ...(properties && { properties: mapped(properties, closed) }),
    ...(items && { items: closed(items) }),
    ...(others === undefined
      ? isOpen
        ? {}
        : { additionalProperties: false }
      : { additionalProperties: typeof others === 'boolean' ? others : closed(others) }),
  };
}

/** Alternatives only ask for what the schema around them has named; they close nothing. */
function alternativesOf(schema: Schema): Schema {
  const found = ['oneOf', 'anyOf', 'allOf', 'not'].filter((keyword) => schema[keyword] !== undefined);
  const open = (one: Schema): Schema => ({
    ...keywordsOf(one),
    ...alternativesOf(one),
    ...(one['properties'] ? { properties: mapped(one['properties'] as Record<string, Schema>, open) } : {}),
  });
  const given = Object.fromEntries(
    found.map((keyword) => {
      const value = schema[keyword] as Schema | readonly Schema[];
      return [keyword, Array.isArray(value) ? value.map(open) : open(value as Schema)];
    }),
  );
  const isEither = schema['x-kubernetes-int-or-string'] === true && schema['anyOf'] === undefined;
  return isEither ? { ...given, anyOf: [{ type: 'integer' }, { type: 'string' }] } : given;
}

function keywordsOf(schema: Schema): Schema {
  const found = Object.fromEntries(
    kept.filter((word) => schema[word] !== undefined).map((word) => [word, schema[word]]),
  );
  return schema['nullable'] === true ? { ...found, type: [schema['type'], 'null'] } : found;
}

const mapped = (record: Record<string, Schema>, make: (schema: Schema) => Schema): Record<string, Schema> =>
  Object.fromEntries(Object.entries(record).map(([name, schema]) => [name, make(schema)]));
