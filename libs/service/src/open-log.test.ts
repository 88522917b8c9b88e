import { describe, expect, test } from '@jest/globals';
import { openLog } from './open-log.ts';

function logged(write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(openLog('outage', 'info', { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('openLog', () => {
  test('writes one JSON object a line with service, level and instant', () => {
    const [line] = logged((log) => log.info({ outageId: 'o-1' }, 'outage reported'));

    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'outage',
      outageId: 'o-1',
      message: 'outage reported',
    });
  });

  test('says nothing below its level', () => {
    expect(logged((log) => log.debug('x'))).toEqual([]);
  });

  test('removes secret fields, also one level down', () => {
    const [line] = logged((log) => log.info({ password: 'p', contact: { mobile: '9876543210', language: 'hi' } }, 'x'));

    expect(line).toMatchObject({ password: '[removed]', contact: { mobile: '[removed]', language: 'hi' } });
  });

  test('masks a mobile number wherever it stands, message and stack included', () => {
    const error = new Error('invalid input syntax: "+91 98765 43210"', { cause: new Error('09876543210') });
    const lines = logged((log) =>
      log.error({ err: error, deep: { deeper: { deepest: [9_876_543_210] } } }, 'failed for 9876543210'),
    );

    expect(JSON.stringify(lines)).not.toMatch(/98765/);
    expect(lines).toHaveLength(1);
  });

  test('takes from an error only what is known to be harmless', () => {
    const error = Object.assign(new Error('duplicate key', { cause: new TypeError('inner') }), {
      code: '23505',
      detail: 'Key (account)=(1234) exists',
      where: 'COPY contact: Ram',
    });
    const [line] = logged((log) => log.error({ err: error }, 'x'));

    expect(line?.['err']).toEqual({
      type: 'Error',
      message: 'duplicate key',
      code: '23505',
      stack: expect.any(String),
      cause: { type: 'TypeError', message: 'inner', stack: expect.any(String) },
    });
  });

  test('names an error where its name alone is given, and hides a text that somebody threw', () => {
    const [named, thrown] = logged((log) => {
      log.warn({ error: 'Error 57014' }, 'round failed');
      log.error({ err: 'Ram, 1234' }, 'failed');
    });

    expect(named).toMatchObject({ error: 'Error 57014' });
    expect(thrown).toMatchObject({ err: { type: 'string' } });
  });

  test('ends with a cause that is its own cause', () => {
    const error = new Error('loop');
    error.cause = error;

    expect(logged((log) => log.error({ err: error }, 'x'))).toHaveLength(1);
  });
});
