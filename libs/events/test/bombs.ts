const instant = { type: 'long', logicalType: 'timestamp-millis' };

/**
 * Records of a few octets that are none: most claim far more than they hold and kept an unguarded reader busy or let it run back. The last
 * are whole but for one value, which nobody but its reader noticed.
 */
export const bombs = [
  { name: 'array: 2^33 items', type: { type: 'array', items: 'string' }, hex: 'feffffff3f00' },
  { name: 'array: 2^25 items', type: { type: 'array', items: 'long' }, hex: 'feffff1f0000' },
  { name: 'array: 2^33 items in a sized block', type: { type: 'array', items: 'string' }, hex: 'ffffffff3f0200' },
  { name: 'array: a block of negative size', type: { type: 'array', items: 'string' }, hex: '010b00000000' },
  { name: 'array: a block larger than the record', type: { type: 'array', items: 'string' }, hex: '01feffff1f00' },
  { name: 'array: items of negative length', type: { type: 'array', items: 'string' }, hex: '040500050000' },
  { name: 'array: an overlong count', type: { type: 'array', items: 'string' }, hex: 'ff'.repeat(200) },
  { name: 'array: items of no octets', type: { type: 'array', items: 'null' }, hex: 'feffffff3f00' },
  { name: 'map: 2^33 entries', type: { type: 'map', values: 'int' }, hex: 'feffffff3f00' },
  { name: 'map: a block of negative size', type: { type: 'map', values: 'int' }, hex: '010b00000000' },
  { name: 'map: a key of negative length', type: { type: 'map', values: 'int' }, hex: '020500000000' },
  { name: 'string: 2 GB', type: 'string', hex: 'feffffff0f41' },
  { name: 'string: negative length', type: 'string', hex: '0341424344' },
  { name: 'string: overlong length', type: 'string', hex: 'ff'.repeat(200) },
  { name: 'bytes: 2 GB', type: 'bytes', hex: 'feffffff0f41' },
  { name: 'bytes: negative length', type: 'bytes', hex: '0341424344' },
  { name: 'array: a block smaller than it says', type: { type: 'array', items: 'string' }, hex: '030a02610262000000' },
  { name: 'map: a block smaller than it says', type: { type: 'map', values: 'int' }, hex: '010802610200000000' },
  {
    name: 'array: an int of 33 bits in a sized block',
    type: { type: 'array', items: 'int' },
    hex: '010a80808080100000',
  },
  { name: 'int: 33 bits', type: 'int', hex: '808080801000' },
  { name: 'long: 2^53', type: 'long', hex: '808080808080802000' },
  { name: 'instant: beyond the range of dates', type: instant, hex: '8280e0ad9882d91e00' },
] as const;

/** A record with the bomb in front of another field; the reader of `skipping` does not know the field. */
export function schemasOf(type: unknown): { reading: object; skipping: object } {
  const after = { name: 'after', type: 'string', default: '' };
  const record = (fields: object[]): object => ({ type: 'record', name: 'Bomb', fields });
  return { reading: record([{ name: 'bomb', type }, after]), skipping: record([after]) };
}
