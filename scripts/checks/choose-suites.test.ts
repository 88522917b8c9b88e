import { describe, expect, test } from '@jest/globals';
import { chooseSuites } from './choose-suites.ts';

const files = [
  'README.md',
  'libs/units/src/id.test.ts',
  'libs/units/src/id.ts',
  'services/outage/src/store/store.db.test.ts',
  'services/outage/test/outage.component.test.ts',
  'services/outage/test/neighbours.ts',
  'e2e/news-story.e2e.test.ts',
  'scripts/checks/gates/fixtures/broken.test.ts',
];
function chosen(given: readonly string[], folder = '/repository') {
  const { tiers, nothingAt } = chooseSuites(given, { files, root: '/repository', folder });
  return { tiers: Object.fromEntries(tiers), nothingAt };
}

describe('npm test with paths', () => {
  test('takes a folder, a file and the beginning of a path, each test once, by its tier', () => {
    const given = ['services/outage', 'services/outage/test/outage.component.test.ts', 'e2e/news', 'libs/units/'];

    expect(chosen(given)).toEqual({
      tiers: {
        unit: ['libs/units/src/id.test.ts'],
        db: ['services/outage/src/store/store.db.test.ts'],
        component: ['services/outage/test/outage.component.test.ts'],
        e2e: ['e2e/news-story.e2e.test.ts'],
      },
      nothingAt: [],
    });
  });

  test('names the paths at which there is no test', () => {
    expect(chosen(['libs/units/src/id.ts', 'libs/unit/src', 'README.md', 'libs/units', '../elsewhere'])).toEqual({
      tiers: { unit: ['libs/units/src/id.test.ts'] },
      nothingAt: ['libs/units/src/id.ts', 'libs/unit/src', 'README.md', '../elsewhere'],
    });
  });

  test('reads a path from the folder in which one stands, or from the root of the disk', () => {
    const unit = { tiers: { unit: ['libs/units/src/id.test.ts'] }, nothingAt: [] };

    expect(chosen(['src'], '/repository/libs/units')).toEqual(unit);
    expect(chosen(['/repository/libs/units'], '/elsewhere')).toEqual(unit);
  });
});
