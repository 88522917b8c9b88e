import type { RawSchema, SchemaFile } from './schema-files.ts';

/** What is wrong with a schema: the rule that it breaks and where. */
export type SchemaProblem = { readonly file: string; readonly rule: string; readonly detail: string };

type Report = (rule: string, detail: string) => void;

const PRIMITIVES = new Set(['string', 'bytes', 'boolean', 'int', 'long', 'double']);
const NUMBERS = new Set(['int', 'long', 'double']);
const RECORD_KEYS = new Set(['type', 'name', 'namespace', 'doc', 'fields']);
const FIELD_KEYS = new Set(['name', 'type', 'doc', 'default', 'knownValues']);
const TYPE_KEYS = new Set(['type', 'items', 'logicalType']);
const UNIT =
  /milliseconds|seconds|minutes|hours|days|paise|metres|kilometres|volts|amperes|kilowatts|percent|number of|from 1|1 for the first/i;
const INSTANT_NAME = /(At|From|To|Until|After|Before)$/;
const MONEY_NAME = /(amount|price|outstanding|balance|dues|paid|rupees|paise)/i;
const PERSONAL_NAME = /mobile|phone|msisdn|consumerName|personName|fullName|address|freeText|remark|note$/i;
const ENVELOPE: Readonly<Record<string, string>> = {
  eventId: 'string',
  type: 'string',
  occurredAt: 'timestamp-millis',
  aggregateId: 'string',
  version: 'long',
};

const isObject = (value: unknown): value is RawSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `timestamp-millis`, `array`, `record` or the primitive's name; the part behind null for a union. */
function kindOf(type: unknown): string {
  if (Array.isArray(type)) return kindOf(type[1]);
  if (!isObject(type)) return String(type);
  return String(type['logicalType'] ?? type['type']);
}

function checkKeys(value: RawSchema, allowed: ReadonlySet<string>, path: string, report: Report): void {
  for (const key of Object.keys(value)) if (!allowed.has(key)) report('unknown-attribute', `${path}: ${key}`);
}

function checkUnion(types: readonly unknown[], path: string, report: Report): void {
  if (types.length !== 2 || types[0] !== 'null') report('union', `${path}: only ["null", T], null first`);
  if (types.some(Array.isArray)) report('union', `${path}: a union inside a union`);
  for (const type of types.slice(1)) checkType(type, path, report);
}

function checkLogical(type: RawSchema, path: string, report: Report): void {
  checkKeys(type, TYPE_KEYS, path, report);
  if (type['type'] !== 'long' || type['logicalType'] !== 'timestamp-millis') {
    report('logical-type', `${path}: only long as timestamp-millis`);
  }
}

function checkItems(items: unknown, path: string, report: Report): void {
  if (Array.isArray(items) || kindOf(items) === 'array')
    report('items', `${path}: items are neither unions nor arrays`);
  if (items === 'null' || (isObject(items) && items['type'] === 'record' && isEmptyRecord(items))) {
    report('zero-width-items', `${path}: items of no octets make a bomb`);
  } else {
    checkType(items, path, report);
  }
}

const isEmptyRecord = (record: RawSchema): boolean => !Array.isArray(record['fields']) || record['fields'].length === 0;

function checkType(type: unknown, path: string, report: Report): void {
  if (Array.isArray(type)) return checkUnion(type, path, report);
  if (!isObject(type)) {
    if (!PRIMITIVES.has(String(type))) report('type', `${path}: ${String(type)} is not in the subset`);
    return;
  }
  if ('logicalType' in type) return checkLogical(type, path, report);
  if (type['type'] === 'record') return checkRecord(type, path, report);
  if (type['type'] !== 'array') return report('type', `${path}: ${String(type['type'])} is not in the subset`);
  checkKeys(type, TYPE_KEYS, path, report);
  checkItems(type['items'], path, report);
}

function checkKnownValues(field: RawSchema, path: string, report: Report): void {
  const values = field['knownValues'];
  if (values === undefined) return;
  const texts =
    Array.isArray(values) && values.length > 0 && values.every((each) => /^[A-Za-z][A-Za-z0-9-]*$/.test(each));
  if (!texts || new Set(values).size !== values.length) report('known-values', `${path}: a list of different words`);
  if (!['string', 'array'].includes(kindOf(field['type']))) report('known-values', `${path}: only of strings`);
}

function checkDefault(field: RawSchema, path: string, report: Report): void {
  const nullable = Array.isArray(field['type']);
  if (nullable && field['default'] !== null) report('default', `${path}: null is the default of a nullable field`);
  if (!nullable && field['default'] === null) report('default', `${path}: null is no value of the type`);
}

function checkNaming(name: string, field: RawSchema, path: string, report: Report): void {
  const kind = kindOf(field['type']);
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) report('name', `${path}: fields are named in camelCase`);
  if (PERSONAL_NAME.test(name)) report('personal-data', `${path}: numbers travel sealed, names and free texts never`);
  if ((kind === 'timestamp-millis') !== (INSTANT_NAME.test(name) && kind !== 'string')) {
    report('instant', `${path}: an instant is timestamp-millis and is named so (…At, …From)`);
  }
  if (MONEY_NAME.test(name) && NUMBERS.has(kind) && (kind !== 'long' || !name.endsWith('Paise'))) {
    report('money', `${path}: money is a long of paise, named …Paise`);
  }
}

function checkDoc(field: RawSchema, path: string, report: Report): void {
  const doc = field['doc'];
  const kind = kindOf(field['type']);
  if (typeof doc !== 'string' || doc.trim() === '') return report('doc', `${path}: has no doc`);
  if (kind === 'timestamp-millis' && !(/UTC/.test(doc) && /milliseconds/.test(doc))) {
    report('unit', `${path}: the doc of an instant says UTC and milliseconds`);
  }
  if (NUMBERS.has(kind) && !UNIT.test(doc)) report('unit', `${path}: the doc of a number says its unit`);
}

function checkField(field: RawSchema, prefix: string, report: Report): void {
  const name = String(field['name']);
  const path = prefix === '' ? name : `${prefix}.${name}`;
  checkKeys(field, FIELD_KEYS, path, report);
  checkNaming(name, field, path, report);
  checkDoc(field, path, report);
  checkKnownValues(field, path, report);
  checkDefault(field, path, report);
  checkType(field['type'], path, report);
}

function checkRecord(record: RawSchema, path: string, report: Report): void {
  const where = path === '' ? 'record' : path;
  checkKeys(record, RECORD_KEYS, where, report);
  if (!/^[A-Z][A-Za-z0-9]*$/.test(String(record['name']))) report('name', `${where}: records are named in PascalCase`);
  if (typeof record['doc'] !== 'string' || record['doc'].trim() === '') report('doc', `${where}: has no doc`);
  const fields = Array.isArray(record['fields']) ? record['fields'].filter(isObject) : [];
  const names = fields.map((field) => field['name']);
  if (new Set(names).size !== names.length) report('name', `${where}: two fields have the same name`);
  for (const field of fields) checkField(field, path, report);
}

function checkEnvelope(root: RawSchema, report: Report): void {
  const fields = Array.isArray(root['fields']) ? root['fields'].filter(isObject) : [];
  for (const [name, kind] of Object.entries(ENVELOPE)) {
    const field = fields.find((each) => each['name'] === name);
    if (field === undefined || kindOf(field['type']) !== kind)
      report('envelope', `${name}: every event has it, a ${kind}`);
    if (name === 'type' && field?.['knownValues'] === undefined) report('envelope', 'type: lists its known values');
  }
}

const namespaceOf = (service: string): string => `bijli.${service.replaceAll('-', '_')}`;

/** Checks one schema against the subset of Avro that the codec and its readers rely on; gives every problem. */
export function subsetProblems(file: SchemaFile): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const report: Report = (rule, detail) => problems.push({ file: file.name, rule, detail });
  if (!isObject(file.schema) || file.schema['type'] !== 'record') {
    report('record', 'a file describes one record');
    return problems;
  }
  if (file.schema['namespace'] !== namespaceOf(file.service))
    report('namespace', `is not ${namespaceOf(file.service)}`);
  checkRecord(file.schema, '', report);
  checkEnvelope(file.schema, report);
  return problems;
}
