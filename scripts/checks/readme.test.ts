import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(__dirname, '../..');
const names: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', x64: 'x64', arm64: 'arm64' };

test('README.md names the systems for which there is a PostgreSQL', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'scripts/start/package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const platforms = Object.keys(optionalDependencies).map((name) => name.split('/').at(-1) ?? '');
  const [systems, processors] = [0, 1].map((place) => [
    ...new Set(platforms.map((each) => each.split('-')[place] ?? '')),
  ]);
  const said = (words: readonly string[] = []): string =>
    words
      .map((word) => names[word] ?? word)
      .sort()
      .join(' or ');

  expect(readFileSync(join(root, 'README.md'), 'utf8').replaceAll(/\s+/g, ' ')).toContain(
    `You need ${said(systems)} on ${said(processors)}, Node >= 20`,
  );
});
