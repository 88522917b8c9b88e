import { countCircles } from './count-circles.ts';
import { countDialect } from './count-dialect.ts';
import { countLostCitations } from './count-lost-citations.ts';
import { countRepeats } from './count-repeats.ts';
import { measureSizes } from './measure-sizes.ts';

/** What was counted, by what it is. */
export type Measures = ReadonlyMap<string, number>;

/** Measures the code of a checkout, without its tests, fixtures and generated files. */
export async function measure(root: string): Promise<Measures> {
  return new Map([
    ...measureSizes(root),
    ['circles of imports, types included', await countCircles(root)],
    ['comments that cite what is not there', countLostCitations(root)],
    ['repeats over 10 lines', countRepeats(root)],
    ...(await countDialect(root)),
  ]);
}
