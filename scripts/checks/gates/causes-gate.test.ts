import { describe, expect, test } from '@jest/globals';
import { causesGate } from './causes-gate.ts';

const schema = {
  path: 'schemas/outage/outage.avsc',
  text: JSON.stringify({ fields: [{ name: 'cause', knownValues: ['storm', 'overload'] }] }),
};
const good = { storm: { hi: 'आंधी-तूफान', en: 'storm' }, overload: { hi: 'ओवरलोड', en: 'overload' } };

/** What the gate finds in texts with these causes. */
function found(causes: object): string[] {
  const texts = { path: 'services/notifier/src/templates/approved.json', text: JSON.stringify({ causes }, null, 2) };
  return causesGate([schema, texts]).map(({ line, what }) => `${line}: ${what}`);
}

describe('the gate of the causes', () => {
  test('lets each code pass that has words in both languages', () => {
    expect(found(good)).toEqual([]);
  });

  test.each([
    [
      'no words',
      { storm: good.storm },
      ['1: cause overload: has no words in hi', '1: cause overload: has no words in en'],
    ],
    ['words in one language', { ...good, storm: { hi: 'आंधी' } }, ['3: cause storm: has no words in en']],
    [
      'words too long for a text of one part',
      { ...good, storm: { hi: 'आंधी और तूफान', en: 'storm' } },
      ['3: cause storm: has 13 units in hi, 12 at most'],
    ],
    [
      'words too long in English',
      { ...good, overload: { hi: 'ओवरलोड', en: 'overload of the transformer' } },
      ['7: cause overload: has 27 units in en, 20 at most'],
    ],
    [
      'words for a code that there is not',
      { ...good, meteor: good.storm },
      ['11: cause meteor: the schema does not know it'],
    ],
  ])('finds %s', (_what, causes, findings) => {
    expect(found(causes)).toEqual(findings);
  });

  test('finds a schema that names no causes', () => {
    expect(causesGate([]).map(({ what }) => what)).toEqual(['names no causes']);
  });
});
