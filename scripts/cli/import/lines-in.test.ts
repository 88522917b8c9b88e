import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lineCounter } from './lines-in.ts';

test('counts the lines of a file wherever it is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('\r', '\n', '\r\n', 'x'), maxLength: 30 });
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), (file, one, other) => {
      const cuts = [one % (file.length + 1), other % (file.length + 1)].toSorted((a, b) => a - b);
      const linesIn = lineCounter();
      const pieces = [file.slice(0, cuts[0]), file.slice(cuts[0], cuts[1]), file.slice(cuts[1])];

      const lines = pieces.reduce((sum, piece) => sum + linesIn(Buffer.from(piece)), 0);

      expect(lines).toBe(file.split(/\r\n?|\n/).length - 1);
    }),
  );
});
