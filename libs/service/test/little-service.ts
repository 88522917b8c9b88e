// A service with nothing in it, run as a process of its own by the tests beside it. SCENE says what goes wrong.
import { context, propagation } from '@opentelemetry/api';
import type { Component } from '@bijli/loop';
import { withSpan } from '@bijli/tracing';
import express from 'express';
import {
  armFailpoints,
  ConfigError,
  endpoint,
  failpoint,
  httpComponent,
  openLog,
  readConfigOrExit,
  runService,
} from '../src/index.ts';

const scene = process.env['SCENE'] ?? '';
readConfigOrExit(
  'little',
  () => {
    if (scene === 'settings are wrong') throw new ConfigError(['PORT: is not a port from 0 to 65535']);
  },
  {},
);
const log = openLog('little', 'debug');
armFailpoints(process.env['FAILPOINTS'] ?? '', log);

const traceparent = endpoint({
  method: 'get',
  path: '/v1/traceparent/{id}',
  operationId: 'answer',
  summary: 'Tell the trace context',
  responses: { 200: { description: 'The context' } },
  handle: () =>
    withSpan('a step', { attributes: { step: 1, note: 'for 9876500042' } }, () => {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return { status: 200, body: carrier };
    }),
});

function component(name: string, scenes: { start?: string; stop?: string }): Component {
  return {
    name,
    start: async () => {
      if (scene === scenes.start) throw new Error(`${name} cannot start`);
      if (scene === `${name} hangs`) await new Promise((resolve) => setTimeout(resolve, 60_000));
      log.info({ part: name }, 'part started');
    },
    stop: async () => {
      log.info({ part: name }, 'part stopped');
      if (scene === 'stop fails' && name === 'pool') throw new Error(`${name} cannot stop`);
      if (scene.endsWith(`${name} does not stop`)) await new Promise((resolve) => setTimeout(resolve, 60_000));
      if (scene.startsWith('stop is') && name === 'pool') await new Promise((resolve) => setTimeout(resolve, 60_000));
    },
  };
}

// As a library would: the span of express must come from an import, not from a require.
if (typeof express !== 'function') throw new Error('express is not there');
const http = httpComponent({
  name: 'little',
  version: '0',
  api: { title: 'little', description: '', tags: [{ name: 'All', description: '', paths: ['/v1'] }] },
  host: '127.0.0.1',
  port: 0,
  log,
  endpoints: [traceparent],
  components: [],
});
if (scene.startsWith('uncaught'))
  setTimeout(() => {
    throw new Error('thrown by a timer');
  }, 50);
if (scene === 'unhandled') setTimeout(() => void Promise.reject(new Error('rejected by nobody')), 50);
if (scene === 'failpoint') setTimeout(() => void failpoint('here'), 50);
await runService({
  name: 'little',
  log,
  components: [component('pool', {}), component('relay', { start: 'start fails' }), http],
  stopTimeoutMs: scene === 'stop is given up' ? 300 : 15_000,
});
