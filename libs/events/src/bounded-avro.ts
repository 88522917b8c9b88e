import avro, { type Tap, type Type } from 'avro-js';
import { readLong, writeLong } from './exact-long.ts';

/**
 * avro-js 1.12.1 believes every count and length that it reads: six octets that claim 2^33 items keep it busy for
 * minutes, whether the field is read or skipped, and a negative length moves the position backwards, for ever. The
 * readers below take its place, once, before any type or resolver is made: a count or length above the octets left
 * is refused, so that the work for a record is bounded by its size. (Items of no octets are excluded by the schema
 * lint: they alone would get round it.)
 */

type Reader = Pick<Type, '_read' | '_skip'>;
type ArrayReader = { readonly _items: Reader };
type MapReader = { readonly _values: Reader };

const octetsLeft = (tap: Tap): number => tap.buf.length - tap.pos;

/** Also refuses NaN and Infinity, which avro-js makes of overlong integers. */
function readLength(tap: Tap): number {
  const length = tap.readLong();
  if (!(length >= 0 && length <= octetsLeft(tap))) throw new Error('a length exceeds the octets left');
  return length;
}

function boundedCount(tap: Tap, count: number): number {
  if (!(count >= 0 && count <= octetsLeft(tap))) throw new Error('a count exceeds the octets left');
  return count;
}

/** A block begins with its count of items, or with the count negated and its size in octets; 0 ends the list. */
function readCount(tap: Tap): number {
  const count = tap.readLong();
  if (count === 0) return 0;
  if (!(count < 0)) return boundedCount(tap, count);
  readLength(tap);
  return boundedCount(tap, -count);
}

/** The length is read first: it moves the position itself, so `tap.pos += readLength(tap)` would lose that. */
function skipLengthPrefixed(tap: Tap): void {
  const length = readLength(tap);
  tap.pos += length;
}

function skipBlocks(tap: Tap, skipItem: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) {
      skipLengthPrefixed(tap);
    } else {
      for (let left = boundedCount(tap, count); left > 0; left -= 1) skipItem();
    }
  }
}

function readString(tap: Tap): string {
  const length = readLength(tap);
  tap.pos += length;
  return tap.buf.toString('utf8', tap.pos - length, tap.pos);
}

const boundedArray = {
  _read(this: ArrayReader, tap: Tap): unknown[] {
    const items: unknown[] = [];
    for (let count = readCount(tap); count !== 0; count = readCount(tap)) {
      for (let left = count; left > 0; left -= 1) items.push(this._items._read(tap));
    }
    return items;
  },
  _skip(this: ArrayReader, tap: Tap): void {
    skipBlocks(tap, () => this._items._skip(tap));
  },
};

const boundedMap = {
  _read(this: MapReader, tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let count = readCount(tap); count !== 0; count = readCount(tap)) {
      for (let left = count; left > 0; left -= 1) entries.push([readString(tap), this._values._read(tap)]);
    }
    return Object.fromEntries(entries);
  },
  _skip(this: MapReader, tap: Tap): void {
    skipBlocks(tap, () => {
      skipLengthPrefixed(tap);
      this._values._skip(tap);
    });
  },
};

const boundedString = { _read: readString, _skip: skipLengthPrefixed };

const boundedBytes = { _read: (tap: Tap): Buffer => tap.readFixed(readLength(tap)), _skip: skipLengthPrefixed };

/** avro-js reads an `int` of any size; one that does not fit into 32 bits is no int. */
const boundedInt = {
  _read(tap: Tap): number {
    const value = tap.readLong();
    if (value !== (value | 0)) throw new Error('an int exceeds 32 bits');
    return value;
  },
};

const exactLong = { _read: readLong, _write: writeLong };

Object.assign(avro.types.ArrayType.prototype, boundedArray);
Object.assign(avro.types.MapType.prototype, boundedMap);
Object.assign(avro.types.StringType.prototype, boundedString);
Object.assign(avro.types.BytesType.prototype, boundedBytes);
Object.assign(avro.types.IntType.prototype, boundedInt);
Object.assign(avro.types.LongType.prototype, exactLong);

/** avro-js with bounded readers; everything here imports it from this file. */
export { avro as boundedAvro };
