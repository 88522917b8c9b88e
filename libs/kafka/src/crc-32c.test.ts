import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';

// Patched (docs/adr/0008): the checksum of every batch that is sent.
const crc32C: (octets: Uint8Array) => number = createRequire(import.meta.url)(
  'kafkajs/src/protocol/recordBatch/crc32C/index.js',
);
const octetWise: (octets: Uint8Array) => number = createRequire(import.meta.url)(
  'kafkajs/src/protocol/recordBatch/crc32C/crc32C.js',
);

// RFC 3720, B.4; the last is the check value of the catalogues.
test.each([
  ['32 octets of zeroes', new Uint8Array(32), 0x8a9136aa],
  ['32 octets of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 octets that rise', Uint8Array.from({ length: 32 }, (_, n) => n), 0x46dd794e],
  ['32 octets that fall', Uint8Array.from({ length: 32 }, (_, n) => 31 - n), 0x113fdb5c],
  ['an odd number of octets', Buffer.from('123456789'), 0xe3069283],
  ['none', new Uint8Array(0), 0],
])('the checksum of %s is what the standard says', (_what, octets, checksum) => {
  expect(crc32C(octets)).toBe(checksum);
});

test('eight octets a step give what one octet a step gave, whatever the length', () => {
  for (let length = 0; length < 100; length += 1) {
    const octets = Uint8Array.from({ length }, (_, n) => (n * 151 + length * 31) % 256);
    expect(crc32C(octets)).toBe(octetWise(octets) >>> 0);
  }
});
