import { isDeepStrictEqual } from 'node:util';
import type { RawSchema } from './schema-files.ts';

type Field = { readonly name: string; readonly type: unknown; readonly default?: unknown };

const fieldsOf = (record: RawSchema): Field[] => record['fields'] as Field[];

const isRecord = (type: unknown): type is RawSchema =>
  typeof type === 'object' && type !== null && 'type' in type && type.type === 'record';

const isArray = (type: unknown): type is RawSchema =>
  typeof type === 'object' && type !== null && 'type' in type && type.type === 'array';

const fullName = (record: RawSchema): string => [record['namespace'], record['name']].filter(Boolean).join('.');

function typeProblems(writer: unknown, reader: unknown, path: string): string[] {
  if (isRecord(writer) && isRecord(reader)) return recordProblems(writer, reader, path);
  if (isArray(writer) && isArray(reader)) return typeProblems(writer['items'], reader['items'], `${path}[]`);
  if (Array.isArray(writer) && Array.isArray(reader)) return typeProblems(writer[1], reader[1], path);
  return isDeepStrictEqual(writer, reader) ? [] : [`${path}: its type changed`];
}

function fieldProblems(writer: Field | undefined, reader: Field, path: string): string[] {
  if (writer !== undefined) return typeProblems(writer.type, reader.type, path);
  return reader.default === undefined ? [`${path}: is missing on one side and has no default`] : [];
}

function recordProblems(writer: RawSchema, reader: RawSchema, path: string): string[] {
  if (fullName(writer) !== fullName(reader)) return [`${path || 'record'}: its name changed`];
  const written = new Map(fieldsOf(writer).map((field) => [field.name, field]));
  return fieldsOf(reader).flatMap((field) =>
    fieldProblems(written.get(field.name), field, path === '' ? field.name : `${path}.${field.name}`),
  );
}

/**
 * Tells what keeps two versions of a schema from reading each other both ways (FULL). Stricter than Avro where Avro
 * would change the meaning: no promotion of numbers, no string for bytes, no loss of a logical type.
 */
export function incompatibilities(one: RawSchema, other: RawSchema): string[] {
  return [...new Set([...recordProblems(one, other, ''), ...recordProblems(other, one, '')])];
}

function withoutText(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutText);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => key !== 'doc' && key !== 'knownValues');
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutText(value)]));
}

/** Tells whether two schemas are the same on the wire: docs and known values may differ. */
export function isSameOnTheWire(one: RawSchema, other: RawSchema): boolean {
  return isDeepStrictEqual(withoutText(one), withoutText(other));
}
