import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@bijli/service';
import { makeAuthority } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from './config.ts';
import { beyondTheBook } from './provider-settings.ts';
import { shippedTexts } from './templates/load-texts.ts';

const authority = makeAuthority('Authority of the test');
const client = authority.sign();

const fit = {
  DATABASE_URL: 'postgres://a:b@127.0.0.1/notifier',
  KAFKA_BROKERS: '127.0.0.1:9092',
  SEAL_KEYS: `k1:${'11'.repeat(32)}`,
  BLIND_INDEX_KEY: '22'.repeat(32),
  SMPP_SYSTEM_ID: 'bijli',
  SMPP_PASSWORD: 'secret',
};

let folder = '';
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'provider-'));
  writeFileSync(file('ca.pem'), authority.cert);
  writeFileSync(file('client.pem'), client.cert + client.key);
  writeFileSync(file('notes.txt'), 'no certificate');
});
afterAll(() => rmSync(folder, { recursive: true }));

const provider = (env: Record<string, string>) => readConfig({ ...fit, ...env }).smpp;

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig({ ...fit, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the texts', () => {
  const own = { ...shippedTexts, brand: 'MVVNL', header: 'MVVNLP', entityId: '1102' };

  test('are the shipped ones, or those of a file, which names header and entity unless they are told', () => {
    const templates = shippedTexts.templates.map((each) => ({ ...each, text: each.text.replace('UPPCL', 'MVVNL') }));
    writeFileSync(file('own.json'), JSON.stringify({ ...own, templates }));
    const read = (env: Record<string, string>) => readConfig({ ...fit, TEMPLATES_FILE: file('own.json'), ...env });

    expect(readConfig(fit)).toMatchObject({ texts: { brand: 'UPPCL' }, smpp: { header: 'UPPCLP' } });
    expect(read({})).toMatchObject({ texts: { brand: 'MVVNL' }, smpp: { header: 'MVVNLP', entityId: '1102' } });
    expect(read({ SMS_HEADER: 'MVVNLT' })).toMatchObject({ smpp: { header: 'MVVNLT', entityId: '1102' } });
  });

  test('of a file that breaks rules are refused with every problem, beside those of other settings', () => {
    writeFileSync(file('bad.json'), JSON.stringify({ ...own, templates: shippedTexts.templates.slice(1) }));
    const problems = problemsOf({ TEMPLATES_FILE: file('bad.json'), SMPP_WINDOW: '0' });

    expect(problems).toHaveLength(63);
    expect(problems).toEqual(
      expect.arrayContaining([
        'TEMPLATES_FILE: template planned.same-day.one.hi: is missing',
        'TEMPLATES_FILE: template bill.due.hi: does not name the brand MVVNL',
        expect.stringMatching(/^SMPP_WINDOW: /),
      ]),
    );
    expect(problemsOf({ TEMPLATES_FILE: file('none.json') })).toEqual([
      'TEMPLATES_FILE: the file cannot be read, or is larger than 1 MB',
    ]);
  });
});

describe('the provider account', () => {
  test('is plain SMPP on its usual port, with the tags of Indian operators, unless told otherwise', () => {
    expect(provider({})).toMatchObject({
      port: 2775,
      bindType: 'transceiver',
      binds: 1,
      window: 50,
      ratePartsPerSecond: 1_000,
      timing: { enquireLinkMs: 30_000 },
      sourceType: { ton: 5, npi: 0 },
      destinationType: { ton: 1, npi: 1 },
      multiPart: 'udh',
      receipts: 'all',
      validityPeriod: 'absolute',
      tlvTags: { entityId: 0x1400, templateId: 0x1401, telemarketerChain: 0x1402 },
    });
    expect(provider({})).not.toHaveProperty('tls');
  });

  test('is what the carrier says', () => {
    const { messageIds, ...rest } = provider({
      SMPP_BIND: 'transmitter-and-receiver',
      SMPP_BINDS: '4',
      SMPP_SYSTEM_TYPE: 'OTP',
      SMPP_SOURCE_TON: '0',
      SMPP_DESTINATION_NPI: '8',
      SMPP_TLV_ENTITY_ID: '0x1500',
      SMPP_TLV_TEMPLATE_ID: 'none',
      SMPP_MULTI_PART: 'sar',
      SMPP_MESSAGE_IDS: 'hex-to-decimal',
      SMPP_ENQUIRE_LINK_SECONDS: '10',
      SMPP_STATUSES: '0x0401=template,88=number',
      DLT_TELEMARKETER_CHAIN: '1102,1103',
    });

    expect(rest).toMatchObject({
      bindType: 'transmitter-and-receiver',
      binds: 4,
      systemType: 'OTP',
      sourceType: { ton: 0, npi: 0 },
      destinationType: { ton: 1, npi: 8 },
      tlvTags: { entityId: 0x1500, templateId: undefined, telemarketerChain: 0x1402 },
      telemarketerChain: '1102,1103',
      multiPart: 'sar',
      timing: { enquireLinkMs: 10_000 },
      statuses: new Map([
        [0x401, 'template'],
        [0x58, 'number'],
      ]),
    });
    expect(messageIds.ofReceipt('167')).toBe(messageIds.ofAnswer('00A7'));
  });

  test('may have a name and a password longer than the book allows, which is told', () => {
    const dictated = {
      SMPP_SYSTEM_ID: 'sixteen-letters!',
      SMPP_PASSWORD: 'nine-char',
      SMPP_SYSTEM_TYPE: 't'.repeat(64),
    };

    expect(provider(dictated)).toMatchObject({ systemId: 'sixteen-letters!', password: 'nine-char' });
    expect(beyondTheBook(provider(dictated))).toEqual([
      'SMPP_SYSTEM_ID is longer than the 15 characters of SMPP 3.4',
      'SMPP_PASSWORD is longer than the 8 characters of SMPP 3.4',
      'SMPP_SYSTEM_TYPE is longer than the 12 characters of SMPP 3.4',
    ]);
    expect(beyondTheBook(provider({ SMPP_SYSTEM_ID: 'i'.repeat(15), SMPP_PASSWORD: 'p'.repeat(8) }))).toEqual([]);
  });

  test('has all its problems named at once, and none of its values', () => {
    const problems = problemsOf({
      SMPP_SYSTEM_ID: 's'.repeat(65),
      SMPP_PASSWORD: 'p'.repeat(65),
      SMPP_BIND: 'trx',
      SMPP_WINDOW: '0',
      SMPP_SOURCE_TON: '7',
      SMPP_TLV_ENTITY_ID: '1400',
      SMPP_MESSAGE_IDS: 'octal',
      SMPP_STATUSES: '0x0401=perhaps',
      SMPP_RECEIPTS: 'first',
      SMPP_VALIDITY_PERIOD: 'relative',
      SMS_HEADER: 'विद्युत',
    });

    expect(problems).toEqual([
      'SMPP_SYSTEM_ID: is not ASCII of at most 64 characters',
      'SMPP_PASSWORD: is not a secret of at most 64 ASCII characters',
      'SMPP_BIND: is not one of transceiver, transmitter-and-receiver, transmitter',
      'SMPP_WINDOW: is not a whole number from 1 to 1000',
      'SMS_HEADER: is not ASCII of at most 20 characters',
      'SMPP_SOURCE_TON: is not a whole number from 0 to 6',
      'SMPP_MESSAGE_IDS: is not one of as-is, hex, decimal, hex-to-decimal, decimal-to-hex',
      'SMPP_STATUSES: is not statuses with their meaning, like 0x0401=template,0x0402=later',
      'SMPP_RECEIPTS: is not one of all, any, last',
      'SMPP_VALIDITY_PERIOD: is not one of absolute, none',
      'SMPP_TLV_ENTITY_ID: is not a tag like 0x1400, or none',
    ]);
  });
});

describe('TLS to the provider', () => {
  test('takes the authority, the name and our own certificate from where they are', () => {
    const { tls } = provider({
      SMPP_TLS: 'true',
      SMPP_TLS_CA_FILE: file('ca.pem'),
      SMPP_TLS_SERVER_NAME: 'smsc.example',
      SMPP_TLS_CLIENT_FILE: file('client.pem'),
    });

    expect(tls).toEqual({
      ca: authority.cert,
      servername: 'smsc.example',
      cert: client.cert + client.key,
      key: client.cert + client.key,
    });
  });

  test('trusts the usual authorities when none is named', () => {
    expect(provider({ SMPP_TLS: 'true' }).tls).toEqual({});
  });

  test('refuses files that are not there or hold something else', () => {
    const env = {
      SMPP_TLS: 'true',
      SMPP_TLS_CA_FILE: file('notes.txt'),
      SMPP_TLS_CLIENT_FILE: file('ca.pem'),
    };

    expect(problemsOf(env)).toEqual([
      'SMPP_TLS_CA_FILE: is not a file with a PEM certificate, with SMPP_TLS=true',
      'SMPP_TLS_CLIENT_FILE: is not a file with a PEM certificate and its private key, with SMPP_TLS=true',
    ]);
    expect(problemsOf({ SMPP_TLS: 'true', SMPP_TLS_CA_FILE: file('nothing') })).toHaveLength(1);
  });

  test('is not half there: its settings without SMPP_TLS=true are refused, lest the password goes in the clear', () => {
    expect(problemsOf({ SMPP_TLS_CA_FILE: file('ca.pem') })).toEqual([
      'SMPP_TLS_CA_FILE: is not a file with a PEM certificate, with SMPP_TLS=true',
    ]);
  });
});
