import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { dialect } from '../gates/dialect-rules.ts';
import { sourceFiles } from './source-files.ts';

/** The rules of our dialect that need no types: another checkout may have no packages. */
const RULES: Readonly<Record<string, string>> = {
  'dialect/declared-functions': 'functions that are not declared',
  '@typescript-eslint/consistent-type-definitions': 'shapes that are interfaces',
  'dialect/null-for-absent': 'answers that are undefined',
  'dialect/named-values': 'statements whose values have no names',
  'dialect/no-raw': 'statements that ask Knex itself',
};
const NOT_READONLY = 'properties that are not readonly';

/** Counts what is written in other dialects, everywhere: exemptions do not count here. */
export async function countDialect(root: string): Promise<[string, number][]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    allowInlineConfig: false,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser as never },
        plugins: { dialect, '@typescript-eslint': tseslint.plugin as never },
        rules: {
          ...Object.fromEntries(Object.keys(RULES).map((rule) => [rule, 'error'])),
          '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
          'no-restricted-syntax': [
            'error',
            'TSTypeAliasDeclaration > TSTypeLiteral > TSPropertySignature[readonly=false]',
          ],
        },
      },
    ],
  });
  const reports = await eslint.lintFiles(sourceFiles(root).flatMap(({ path }) => (path.endsWith('.ts') ? [path] : [])));
  const broken = reports.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
  const count = (rule: string): number => broken.filter((each) => each === rule).length;
  return [
    ...Object.entries(RULES).map(([rule, what]): [string, number] => [what, count(rule)]),
    [NOT_READONLY, count('no-restricted-syntax')],
  ];
}
