import { describe, expect, test } from '@jest/globals';
import { docsGate } from './docs-gate.ts';
import { environmentGate } from './environment-gate.ts';
import type { Gate } from './gate.ts';
import { metricsGate } from './metrics-gate.ts';
import { namesGate } from './names-gate.ts';
import { wordsGate } from './words-gate.ts';

const manifest = { path: 'package.json', text: '{ "scripts": { "start": "", "check": "" } }' };

/** What a gate finds in one file beside the ones that are always there. */
function found(gate: Gate, path: string, text: string): string[] {
  const others = [manifest, { path: 'docs/adr/0001-a.md', text: '# Why so\n\n## The price: सौ रुपये\n' }];
  const files = [...others, { path, text }];
  return gate(
    files,
    files.map((file) => file.path),
  ).map(({ line, what }) => `${line}: ${what}`);
}

describe('the environment gate', () => {
  const reading = "const url = process.env['DATABASE_URL'];\n";

  test.each(['services/outage/src/http/report.ts', 'services/outage/src/build-service.ts', 'libs/outbox/src/relay.ts'])(
    'refuses that %s reads the environment',
    (path) => {
      expect(found(environmentGate, path, `\n${reading}`)).toEqual([
        '2: only main.ts and config.ts read the environment',
      ]);
      expect(found(environmentGate, path, "import { env } from 'node:process';\n")).toHaveLength(1);
    },
  );

  test.each([
    'services/outage/src/main.ts',
    'services/outage/src/config.ts',
    'services/outage/test/outage.component.test.ts',
  ])('lets %s read it', (path) => {
    expect(found(environmentGate, path, reading)).toEqual([]);
  });
});

describe('the words gate', () => {
  test.each([
    ['// TODO mend this', 1],
    ['// TODO #12 mend this', 0],
    [`fetch("https://somewhere.${'npm'}js.example/x")`, 1],
    [`MIRROR=https://somewhere.${'maven'}.example/x`, 1],
    ['see https://kafka.apache.org/documentation', 0],
    ["const data = '/home/asha/bijli';", 1],
    ['cd /home/somebody', 1],
    ["'/v1/work/orders'", 0],
    ['/** This function will store a run. */', 1],
    ['/** Stores a run. */', 0],
    ['/** Stores a run. */\n/** Stores a run. */', 1],
    ['// one\n// two\n//\n//', 0],
  ])('finds in %j %i problems', (line, count) => {
    expect(found(wordsGate, 'libs/units/src/a.ts', line)).toHaveLength(count);
  });
});

describe('the names gate', () => {
  test.each([
    ['libs/units/src/mobileNumber.ts', 1],
    ['libs/units/src/number-utils.ts', 1],
    ['services/outage/src/common/now.ts', 1],
    ['libs/units/src/mobile-number.test.ts', 0],
    ['services/outage/migrations/0001-create-outage.sql', 0],
    ['services/outage/README.md', 0],
  ])('finds in %s %i problems', (path, count) => {
    expect(found(namesGate, path, '')).toHaveLength(count);
  });
});

describe('the docs gate', () => {
  test.each([
    ['[a](adr/0002-b.md)', 'the link leads to docs/adr/0002-b.md, which is not there'],
    ['[a](adr/0001-a.md#no-such)', 'docs/adr/0001-a.md has no heading #no-such'],
    ['see `libs/gone/src`', 'libs/gone/src is not there'],
    ['`restart` in `package.json`', 'package.json has no restart'],
    ['run `npm run tests`', 'package.json has no script for "npm run tests"'],
  ])('finds in %j that %s', (line, what) => {
    expect(found(docsGate, 'docs/operate.md', line)).toEqual([`1: ${what}`]);
  });

  test.each([
    '[a](adr/0001-a.md#why-so)',
    '[a](adr/0001-a.md#the-price-सौ-रुपये)',
    '[a](#here)\n# Here',
    '`docs/adr/` and `libs/<x>/src`',
    'npm run check, npm start',
    '`check` in `package.json`, `name` in `libs/<x>/a.ts`',
  ])('finds nothing in %j', (text) => {
    expect(found(docsGate, 'docs/operate.md', text)).toEqual([]);
  });
});

describe('the metrics gate', () => {
  const page = {
    path: 'docs/metrics.md',
    text: '| `bijli_dead_letters_waiting` | gauge |\n| `http_request_duration_seconds` | histogram |\n',
  };
  const named = (text: string) => metricsGate([page, { path: 'docs/operate.md', text }]).map(({ what }) => what);

  test.each(['`bijli_dead_letters`', 'smpp_rejected_total', '`process_cpu_seconds_total`', 'http_requests_total'])(
    'refuses that a document names %s, which no service gives',
    (text) => {
      expect(named(`see ${text}`)).toEqual([`${text.replaceAll('`', '')} is no metric of docs/metrics.md`]);
    },
  );

  test('knows those of the page, with the series of a histogram, and looks at no history', () => {
    expect(named('`bijli_dead_letters_waiting{service="x"}`, http_request_duration_seconds_count')).toEqual([]);
    expect(metricsGate([page, { path: 'CHANGELOG.md', text: 'gone_total' }])).toEqual([]);
  });
});
