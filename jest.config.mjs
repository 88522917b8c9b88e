const workspaces = ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/scripts', '<rootDir>/deploy', '<rootDir>/bench'];

/** What every tier has in common. Libraries resolve to their TypeScript source, so tests need no build. */
const everyTier = {
  rootDir: import.meta.dirname,
  roots: workspaces,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['bijli-source', 'node', 'node-addons'] },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, transform: { verbatimModuleSyntax: true } },
        module: { type: 'commonjs', ignoreDynamic: true },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/', '/scripts/checks/gates/fixtures/'],
  testPathIgnorePatterns: ['/node_modules/', '/scripts/checks/gates/fixtures/'],
};

/** One PostgreSQL and one Kafka for the whole run, started only when a tier that needs them has a test to run. */
const withServers = {
  globalSetup: '<rootDir>/scripts/test-servers/jest-global-setup.ts',
  globalTeardown: '<rootDir>/scripts/test-servers/jest-global-teardown.ts',
};

const projects = [
  {
    ...everyTier,
    displayName: 'unit',
    roots: [...workspaces, '<rootDir>/e2e'],
    testMatch: ['**/*.test.ts'],
    testPathIgnorePatterns: [...everyTier.testPathIgnorePatterns, '\\.(db|component|e2e)\\.test\\.ts$'],
  },
  { ...everyTier, ...withServers, displayName: 'db', testMatch: ['**/*.db.test.ts'] },
  { ...everyTier, ...withServers, displayName: 'component', testMatch: ['**/*.component.test.ts'] },
  { ...everyTier, displayName: 'e2e', roots: ['<rootDir>/e2e', '<rootDir>/deploy'], testMatch: ['**/*.e2e.test.ts'] },
];

/** @type {import('jest').Config} */
export default { projects, testTimeout: 60_000, openHandlesTimeout: 2_000 };
