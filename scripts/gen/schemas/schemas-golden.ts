import { isDeepStrictEqual } from 'node:util';
import { decodeRecord } from '@bijli/events/schema-tools';
import type { GoldenRecord, PublishedVersion } from './schema-files.ts';
import { plain } from './sample-records.ts';

type Plain = Readonly<Record<string, unknown>>;

function read(writer: PublishedVersion, reader: PublishedVersion, golden: GoldenRecord): Plain | undefined {
  try {
    const octets = Buffer.from(golden.hex, 'hex');
    return plain(decodeRecord({ writer: writer.schema, reader: reader.schema }, octets)) as Plain;
  } catch {
    return undefined;
  }
}

/** The fields that both sides know must come through as they were written. */
const differences = (wanted: Plain, got: Plain): string[] =>
  Object.keys(wanted).filter(
    (field) => field in got && !isDeepStrictEqual(without(wanted[field], got[field]), got[field]),
  );

/** Cuts a nested record down to the fields of the other, item by item. */
function without(wanted: unknown, got: unknown): unknown {
  if (Array.isArray(wanted) && Array.isArray(got)) return wanted.map((each, index) => without(each, got[index]));
  if (typeof wanted !== 'object' || wanted === null || typeof got !== 'object' || got === null) return wanted;
  return Object.fromEntries(Object.keys(got).map((key) => [key, (wanted as Plain)[key] ?? (got as Plain)[key]]));
}

const goldenProblems = (writer: PublishedVersion, reader: PublishedVersion): string[] =>
  writer.golden.flatMap((golden) => {
    const pair = `v${writer.version} ${golden.name} read as v${reader.version}`;
    const got = read(writer, reader, golden);
    if (got === undefined) return [`${pair}: cannot be decoded`];
    return differences(golden.value as Plain, got).map((field) => `${pair}: ${field} differs`);
  });

/** Decodes the golden octets of every version by every other, old to new and new to old; gives what fails. */
export function unreadableGolden(versions: readonly PublishedVersion[]): string[] {
  return versions.flatMap((writer) => versions.flatMap((reader) => goldenProblems(writer, reader)));
}
