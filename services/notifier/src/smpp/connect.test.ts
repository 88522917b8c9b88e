import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { makeAuthority, until } from '@bijli/testing';
import { type RawSmsc, startRawSmsc } from '../../test/smpp/raw-smsc.ts';
import { type TestLink, testLink } from '../../test/smpp/test-link.ts';
import type { SmppLinkOptions } from './smpp-link.ts';

const ours = makeAuthority('Authority of the test');
const another = makeAuthority('Another authority');
const smscHost = 'smsc.example';

const running: { smsc: RawSmsc; tested: TestLink }[] = [];
afterEach(async () => {
  for (const { smsc, tested } of running.splice(0)) {
    await tested.link.stop();
    await smsc.close();
  }
});

async function connected(server: TlsOptions | undefined, tls: SmppLinkOptions['tls']) {
  const smsc = await startRawSmsc({}, server);
  const tested = testLink(smsc.port, tls === undefined ? {} : { tls });
  running.push({ smsc, tested });
  return { ...tested, smsc };
}

const isBound = ({ link, logged }: TestLink) =>
  until(() => link.state() === 'bound', { describe: () => `the link to be bound, it said ${logged.join('')}` });

/** The reason that the link gives for not being bound, once it has one. */
const problemOf = ({ link }: TestLink) => until(() => link.problem(), { describe: 'a problem' });

describe('SMPP link over TLS', () => {
  test('binds when the certificate is signed by the authority and bears the name', async () => {
    const tested = await connected(ours.sign({ hosts: [smscHost] }), { ca: ours.cert, servername: smscHost });

    await isBound(tested);

    expect(tested.link.problem()).toBeUndefined();
    expect(tested.smsc.connections[0]?.pdus[0]?.name).toBe('bind_transceiver');
  });

  test('binds to an address that the certificate bears', async () => {
    await isBound(await connected(ours.sign({ addresses: ['127.0.0.1'] }), { ca: ours.cert }));
  });

  test.each([
    ['of another authority', another.cert, smscHost, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['for another name', ours.cert, 'other.example', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['for another address', ours.cert, '', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('refuses a certificate %s, names the reason, and never says its password', async (_, ca, servername, reason) => {
    const name = servername === '' ? {} : { servername };
    const tested = await connected(ours.sign({ hosts: [smscHost] }), { ca, ...name });

    expect(await problemOf(tested)).toBe(reason);
    expect(tested.logged.join('')).toContain(reason);
    expect(tested.link.state()).toBe('connecting');
    expect(tested.smsc.connections.flatMap(({ pdus }) => pdus)).toEqual([]);
  });

  test('is cut with a reset: what the kernel still holds does not leave either', async () => {
    const tested = await connected(ours.sign({ hosts: [smscHost] }), { ca: ours.cert, servername: smscHost });
    await isBound(tested);
    const failed = once(tested.smsc.connections[0]?.socket as Socket, 'error');

    tested.link.destroy('lease has run out');

    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  test('tells nothing to a server that speaks no TLS', async () => {
    const tested = await connected(undefined, { ca: ours.cert, servername: smscHost });

    expect(await problemOf(tested)).toBe('ECONNRESET');
    expect(tested.smsc.connections.flatMap(({ pdus }) => pdus)).toEqual([]);
  });

  test('shows its own certificate to a provider that asks for one', async () => {
    const server = { ...ours.sign({ hosts: [smscHost] }), ca: ours.cert, requestCert: true };
    const client = ours.sign();
    const { cert, key } = { cert: client.cert + client.key, key: client.cert + client.key };

    await isBound(await connected(server, { ca: ours.cert, servername: smscHost, cert, key }));
    const without = await connected(server, { ca: ours.cert, servername: smscHost });

    expect(await problemOf(without)).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  });
});
