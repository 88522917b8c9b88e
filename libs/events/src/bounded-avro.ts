import avro, { type Tap, type Type } from 'avro-js';
import { readLong, writeLong } from './exact-long.ts';
import { LONGEST_WORD, readWord } from './read-word.ts';

/**
 * avro-js 1.12.1 believes every count and length that it reads: six octets that claim 2^33 items keep it busy for
 * minutes, whether the field is read or skipped, and a negative length moves the position backwards, for ever. The
 * readers below take its place, once, before any type or resolver is made: a count or length above the octets left
 * is refused, so that the work for a record is bounded by its size. (Items of no octets are excluded by the schema
 * lint: they alone would get round it.) What is skipped is looked at like what is read: whoever reads less of a record
 * refuses the same records.
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

/** The length is read first: it moves the position itself, so `tap.pos += readLength(tap)` would lose that. */
function skipLengthPrefixed(tap: Tap): void {
  const length = readLength(tap);
  tap.pos += length;
}

/** Takes the blocks of a list. One begins with its count of items, or with the count negated and its size in octets; 0 ends the list. */
function takeBlocks(tap: Tap, takeItems: (count: number) => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) takeSizedBlock(tap, -count, takeItems);
    else takeItems(boundedCount(tap, count));
  }
}

/** One that ends elsewhere than it says would be two lists: one to whoever reads its items, another to whoever believes its size. */
function takeSizedBlock(tap: Tap, count: number, takeItems: (count: number) => void): void {
  const size = readLength(tap);
  const end = tap.pos + size;
  takeItems(boundedCount(tap, count));
  if (tap.pos !== end) throw new Error('a block has another size than it says');
}

function skipBlocks(tap: Tap, skipItem: () => void): void {
  takeBlocks(tap, (count) => {
    for (let left = count; left > 0; left -= 1) skipItem();
  });
}

function readString(tap: Tap): string {
  const length = readLength(tap);
  tap.pos += length;
  return length <= LONGEST_WORD
    ? readWord(tap.buf, tap.pos - length, tap.pos)
    : tap.buf.toString('utf8', tap.pos - length, tap.pos);
}

const boundedArray = {
  _read(this: ArrayReader, tap: Tap): unknown[] {
    const items: unknown[] = [];
    takeBlocks(tap, (count) => {
      // Given its length, an array has room for no more; one that is pushed to has room for seventeen.
      const from = items.length;
      items.length += count;
      for (let at = from; at < items.length; at += 1) items[at] = this._items._read(tap);
    });
    return items;
  },
  _skip(this: ArrayReader, tap: Tap): void {
    skipBlocks(tap, () => this._items._skip(tap));
  },
};

const boundedMap = {
  _read(this: MapReader, tap: Tap): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    takeBlocks(tap, (count) => {
      for (let left = count; left > 0; left -= 1) entries.push([readString(tap), this._values._read(tap)]);
    });
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
function readInt(tap: Tap): number {
  const value = tap.readLong();
  if (value !== (value | 0)) throw new Error('an int exceeds 32 bits');
  return value;
}

const boundedInt = { _read: readInt, _skip: (tap: Tap): void => void readInt(tap) };

const exactLong = { _read: readLong, _skip: (tap: Tap): void => void readLong(tap), _write: writeLong };

Object.assign(avro.types.ArrayType.prototype, boundedArray);
Object.assign(avro.types.MapType.prototype, boundedMap);
Object.assign(avro.types.StringType.prototype, boundedString);
Object.assign(avro.types.BytesType.prototype, boundedBytes);
Object.assign(avro.types.IntType.prototype, boundedInt);
Object.assign(avro.types.LongType.prototype, exactLong);

/** avro-js with bounded readers; everything here imports it from this file. */
export { avro as boundedAvro };
