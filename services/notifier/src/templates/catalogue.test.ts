import { describe, expect, test } from '@jest/globals';
import { openCatalogue } from './catalogue.ts';

describe('a cause without a name of its own', () => {
  test.each(['meteor', 'constructor', 'toString'])('%s is told as safety work', (cause) => {
    const catalogue = openCatalogue();

    expect(catalogue.causeLabel(cause, 'en')).toBe(catalogue.causeLabel('safety', 'en'));
  });
});
