import { describe, expect, test } from '@jest/globals';
import type { DeclaredSetting } from '@bijli/service';
import { docsSettingsGate, withSettingsTable } from './docs-settings-gate.ts';

const port: DeclaredSetting = {
  name: 'PORT',
  kind: 'a port',
  fallback: '18002',
  about: 'Where HTTP listens',
  fileTwin: false,
};
const keys: DeclaredSetting = { name: 'SEAL_KEYS', kind: 'a secret', fallback: null, about: 'Keys', fileTwin: true };
const marks =
  '# outage\n\n<!-- settings: written by scripts/gen/docs-settings/main.ts --write --><!-- /settings -->\n\nThe end.\n';
const path = 'services/outage/README.md';
const findings = (text: string, settings: DeclaredSetting[]) => docsSettingsGate([{ path, text, settings }]);

describe('the settings gate', () => {
  const written = withSettingsTable(marks, [port, keys]) ?? '';

  test('passes the table that it writes, and leaves the rest alone', () => {
    expect(written).toContain(
      '| `PORT` | a port | `18002` | Where HTTP listens |\n| `SEAL_KEYS` or `SEAL_KEYS_FILE` | a secret | required | Keys |\n',
    );
    expect(written).toMatch(/^# outage\n[^]*\nThe end\.\n$/);
    expect(findings(written, [port, keys])).toEqual([]);
    expect(withSettingsTable(written, [port, keys])).toBe(written);
  });

  test.each([
    ['a setting that is not documented', written, [port, keys, { ...port, name: 'HOST' }]],
    ['a default that has changed', written, [{ ...port, fallback: '18003' }, keys]],
    ['a table that somebody touched', written.replace('Where HTTP', 'Where'), [port, keys]],
  ])('finds %s', (_what, text, settings) => {
    expect(findings(text, settings)).toEqual([
      {
        path,
        line: 3,
        what: 'the table of settings is not what config.ts reads: run scripts/gen/docs-settings/main.ts --write',
      },
    ]);
  });

  test('finds a README without table, or none at all', () => {
    expect(findings('# outage\n', [port])).toMatchObject([{ line: 1, what: expect.stringContaining('is missing') }]);
    expect(withSettingsTable('', [port])).toBeNull();
  });
});
