import { openKafka } from '@bijli/kafka';
import { closeDatabase, openDatabase } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { commandStatus } from '@bijli/smpp';
import { makeAuthority, testKafkaBrokers, until } from '@bijli/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { buildService } from '../../src/build-service.ts';
import { readConfig } from '../../src/config.ts';
import { notifierDatabase } from '../notifier-database.ts';
import { type RawSmsc, startRawSmsc } from './raw-smsc.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The notifier at an SMSC that does not let it in, with nothing started but the link and HTTP. */
async function notifierAt(smsc: RawSmsc, tls: ReturnType<typeof readConfig>['smpp']['tls']) {
  const { url, close } = await notifierDatabase();
  const logged: string[] = [];
  const log = openLog('notifier', 'info', { write: (line) => logged.push(line) });
  const config = readConfig({
    DATABASE_URL: url,
    KAFKA_BROKERS: testKafkaBrokers().join(','),
    PORT: '0',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_PORT: String(smsc.port),
    SMPP_SYSTEM_ID: 'test',
    SMPP_PASSWORD: 'secret',
  });
  const db = openDatabase({ url, applicationName: 'notifier', onIdleError: () => {} });
  const kafka = openKafka({ clientId: 'notifier', brokers: config.kafkaBrokers, log });
  const smpp = tls === undefined ? config.smpp : { ...config.smpp, tls };
  const { components, http } = buildService({ config: { ...config, smpp }, db, kafka, log });
  const started = [components.find(({ name }) => name === 'smpp-link') as Component, http];
  closing.push(
    () => smsc.close(),
    close,
    () => closeDatabase(db),
    ...started.map((component) => () => component.stop()),
  );
  for (const component of started) await component.start();
  return { readyz: `http://127.0.0.1:${http.port()}/readyz`, logged };
}

async function linkOf(readyz: string) {
  const answer = await fetch(readyz);
  const { parts } = (await answer.json()) as { parts: Record<string, { ok: boolean; detail?: string }> };
  const unready = Object.keys(parts).filter((name) => parts[name]?.ok === false);
  return { unready, link: parts['smpp-link'] };
}

describe('a notifier that its provider does not let in', () => {
  test('is ready, and names the refusal of its bind in /readyz and, once, in the log', async () => {
    const smsc = await startRawSmsc({ bindStatus: commandStatus.ESME_RINVPASWD });
    const { readyz, logged } = await notifierAt(smsc, undefined);
    await until(() => logged.join('').includes('bind refused'), { describe: 'the refusal' });

    await until(() => smsc.connections.length > 2, { describe: 'the third try' });

    expect(await linkOf(readyz)).toEqual({
      unready: ['subscriptions'], // which this test does not start
      link: { ok: true, detail: 'transceiver: bind refused: ESME_RINVPASWD' },
    });
    const refusals = logged.filter((line) => line.includes('bind refused'));
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain('"level":"error"');
    expect(logged.join('')).not.toContain('secret');
  });

  test('names what is wrong with the certificate that it is shown', async () => {
    const authority = makeAuthority('Authority of the test');
    const smsc = await startRawSmsc({}, authority.sign({ hosts: ['other.example'] }));
    const { readyz, logged } = await notifierAt(smsc, { ca: authority.cert, servername: 'smsc.example' });
    await until(() => logged.join('').includes('SMPP link is down'), { describe: 'the refusal' });

    expect(await linkOf(readyz)).toEqual({
      unready: ['subscriptions'], // which this test does not start
      link: { ok: true, detail: 'transceiver: ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    expect(logged.join('')).toContain('"reason":"ERR_TLS_CERT_ALTNAME_INVALID"');
    expect(smsc.connections.flatMap(({ pdus }) => pdus)).toEqual([]);
  });
});
