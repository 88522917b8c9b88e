type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

// What decides the bytes of a record; documentation, defaults and our own properties do not.
const decisive = ['type', 'name', 'fields', 'items', 'values', 'symbols', 'size'];

/**
 * Reduces an Avro schema to what decides its bytes, in one spelling: clients write the same schema with other spaces, another order and
 * `{"type": "string"}` for `"string"` (Avro 1.12, "Parsing Canonical Form", without its fingerprint).
 * @param schema the parsed JSON of a schema.
 */
export function wireForm(schema: Json, namespace = ''): string {
  return JSON.stringify(reduce(schema, namespace));
}

function reduce(schema: Json, namespace: string): Json {
  if (typeof schema === 'string') return isNamed(schema) ? fullName(schema, namespace) : schema;
  if (isList(schema)) return schema.map((member) => reduce(member, namespace));
  if (typeof schema !== 'object' || schema === null) return schema;
  const ownSpace = typeof schema['namespace'] === 'string' ? schema['namespace'] : namespace;
  const kept = decisive.flatMap((key): [string, Json][] => {
    const value = schema[key];
    return value === undefined ? [] : [[key, reduceProperty(key, value, ownSpace)]];
  });
  const [only] = kept;
  return kept.length === 1 && only?.[0] === 'type' ? only[1] : Object.fromEntries(kept);
}

function reduceProperty(key: string, value: Json, namespace: string): Json {
  if (key === 'name') return fullName(String(value), namespace);
  if (key === 'fields' && isList(value)) return value.map((field) => reduceField(field, namespace));
  return key === 'symbols' || key === 'size' ? value : reduce(value, namespace);
}

function reduceField(field: Json, namespace: string): Json {
  const { name, type } = field as { name: Json; type: Json };
  return { name, type: reduce(type, namespace) };
}

const primitive = /^(null|boolean|int|long|float|double|bytes|string)$/;
const structure = /^(record|array|map|enum|fixed)$/;
const isNamed = (name: string): boolean => !primitive.test(name) && !structure.test(name);
const fullName = (name: string, namespace: string): string =>
  name.includes('.') || !namespace ? name : `${namespace}.${name}`;
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
