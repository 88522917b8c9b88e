// What the compiler cannot see: promises nobody waits for, cases nobody handles, tests that sleep or are switched off.
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { dialect } from './dialect-rules.ts';

const repository = join(import.meta.dirname, '../../..');

const forbidden = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name, so that a thing is called the same everywhere.',
  },
  sleep: {
    selector: "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout']",
    message: 'A test waits for an outcome (until), never for time.',
  },
  switchedOff: {
    selector: 'MemberExpression[object.name=/^(test|describe|it)$/][property.name=/^(only|skip|todo|failing)$/]',
    message: 'A test that is switched off proves nothing, and one that switches the others off proves less.',
  },
};

/** These speak to Knex itself. */
const otherStatements = ['libs/postgres/src/query.ts', 'libs/testing/src/outbox-rows.ts'];

export default tseslint.config(
  {
    ignores: ['**/dist/**', '**/node_modules/**', '**/generated/**', '**/*.d.ts', '**/*.mjs', ...ownFixtures()],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: repository } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { dialect },
    rules: {
      'dialect/declared-functions': 'error',
      'dialect/endpoint-names': 'error',
      'dialect/named-values': 'error',
      'dialect/null-for-absent': 'error',
      'dialect/no-raw': 'error',
      'dialect/readonly-shapes': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-syntax': ['error', forbidden.defaultExport],
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...Object.values(forbidden)] },
  },
  {
    files: otherStatements,
    rules: { 'dialect/named-values': 'off', 'dialect/no-raw': 'off' },
  },
  {
    files: ['services/*/src/domain/**/*.ts', 'scripts/checks/gates/fixtures/lint/domain/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'dialect/given-time': 'error' },
  },
  {
    // Jest asks for a default export here.
    files: ['scripts/test-servers/jest-global-*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);

/** The fixtures break the rules on purpose; their own test lints them. */
function ownFixtures() {
  return process.env.LINT_FIXTURES ? [] : ['scripts/checks/gates/fixtures/**'];
}
