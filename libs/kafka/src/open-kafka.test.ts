import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { kafkajsLog } from './kafkajs-log.ts';
import { openKafka, RETRY } from './open-kafka.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('openKafka', () => {
  test.each(['KAFKAJS_DEBUG_PROTOCOL_BUFFERS', 'KAFKAJS_DEBUG_EXTENDED_PROTOCOL_BUFFERS'])('refuses %s', (name) => {
    const open = () => openKafka({ clientId: 'test', brokers: ['localhost:1'], log: silent, env: { [name]: '0' } });

    expect(open).toThrow(`Unset ${name}`);
  });

  test('states every retry setting, because NODE_ENV=test changes the defaults', () => {
    const kafkajsFolder = dirname(createRequire(__filename).resolve('kafkajs/package.json'));
    const defaults = createRequire(__filename)(join(kafkajsFolder, 'src/retry/defaults.js')) as object;

    expect(Object.keys(RETRY).sort()).toEqual(Object.keys(defaults).sort());
  });
});

describe('the log of kafkajs', () => {
  test('passes to ours without what may hold a payload', () => {
    const lines: [string, object, string][] = [];
    const at = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
    const write = kafkajsLog({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') })(
      kafkajs.logLevel.INFO,
    );
    const log = {
      timestamp: '',
      message: 'Error when calling eachBatch',
      topic: 'a',
      error: { payload: 'secret' },
      stack: 'secret',
      buffer: 'secret',
    };

    write({ namespace: 'Runner', level: kafkajs.logLevel.ERROR, label: 'ERROR', log });
    write({
      namespace: 'Runner',
      level: kafkajs.logLevel.INFO,
      label: 'INFO',
      log: { timestamp: '', message: 'x'.repeat(1_000) },
    });

    expect(lines[0]).toEqual([
      'warn',
      { kafkajs: 'Runner', topic: 'a', detail: 'Error when calling eachBatch' },
      'kafka client warns',
    ]);
    expect(lines[1]).toEqual(['debug', { kafkajs: 'Runner', detail: 'x'.repeat(200) }, 'kafka client says']);
  });
});

describe('the timer patch', () => {
  test('is in the kafkajs that is installed', () => {
    const kafkajsFolder = dirname(createRequire(__filename).resolve('kafkajs/package.json'));
    const queue = readFileSync(join(kafkajsFolder, 'src/network/requestQueue/index.js'), 'utf8');

    expect(queue).toContain('if (scheduleAt <= 0 && this.pending.length === 0) return');
  });

  test('keeps an idle request queue from arming a timer', () => {
    const kafkajsFolder = dirname(createRequire(__filename).resolve('kafkajs/package.json'));
    const RequestQueue = createRequire(__filename)(join(kafkajsFolder, 'src/network/requestQueue')) as new (
      options: object,
    ) => {
      throttleCheckTimeoutId: unknown;
      scheduleCheckPendingRequests(): void;
    };
    const logger = { debug: () => undefined };
    const queue = new RequestQueue({
      logger,
      isConnected: () => true,
      requestTimeout: 1_000,
      clientId: 'test',
      broker: 'b',
      maxInFlightRequests: null,
    });

    queue.scheduleCheckPendingRequests();

    expect(queue.throttleCheckTimeoutId).toBeNull();
  });
});
