import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openLog } from '@bijli/service';
import { segment } from '@bijli/smpp';
import { until } from '@bijli/testing';
import { messageIds, openProvider } from '../../src/smpp/index.ts';
import type { OutgoingMessage } from '../../src/smpp/messages.ts';
import type { ProviderOptions } from '../../src/smpp/open-provider.ts';
import type { DeliveryReceipt, SmppLink } from '../../src/smpp/smpp-link.ts';
import { describeWithForeignSmsc, type ForeignSmsc, type Said, startForeignSmsc } from './foreign-smsc.ts';
import { messages, quickly, send } from './test-link.ts';

const BIND = { receiver: '00000001', transmitter: '00000002', transceiver: '00000009' };
const ENQUIRE_LINK = '00000015';
const ENQUIRE_LINK_RESP = '80000015';

const texts = {
  hindi: 'खाता 7890: बिजली बंद, 20:30 तक आएगी। कारण लाइन खराबी। 1912 UPPCL',
  english: 'A/c 4471: Power off since 18:52 {line fault} [~] €5 @£$. Call 1912. UPPCL',
  longHindi: 'खाता 7890: 30-01 10:00 से 31-01 14:00 तक बिजली बंद रहेगी। कारण ट्रांसफार्मर मरम्मत। 1912 UPPCL',
  longEnglish: 'Power will be off for the work {line fault} '.repeat(5).trim(),
};

let smsc: ForeignSmsc;
const opened: SmppLink[] = [];

/** An account at the foreign SMSC, not yet awaited. */
function open(options: Partial<ProviderOptions> = {}) {
  const logged: string[] = [];
  const receipts: DeliveryReceipt[] = [];
  const link = openProvider({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'bijli',
    password: 'secret',
    window: 20,
    header: 'UPPCLP',
    entityId: '1101000000000000001',
    bindType: 'transceiver',
    binds: 1,
    log: openLog('test', 'debug', { write: (line) => logged.push(line) }),
    timing: quickly,
    onReceipts: (batch) => {
      receipts.push(...batch);
      return Promise.resolve();
    },
    ...options,
  });
  opened.push(link);
  link.start();
  return { link, logged, receipts };
}

async function bound(options: Partial<ProviderOptions> = {}) {
  const account = open(options);
  await until(() => account.link.state() === 'bound' && account.link.problem() === undefined, {
    describe: () => `all binds, the link says ${account.link.problem()}`,
  });
  return account;
}

const said = (what: string, count: number): Promise<Said[]> =>
  until(() => (smsc.said(what).length >= count ? smsc.said(what) : undefined), {
    describe: () => `${count} of ${what}, last seen ${smsc.said(what).length}`,
  });
const pdus = (...commands: readonly string[]) =>
  smsc
    .said('pdu')
    .map((pdu) => String(pdu['command']))
    .filter((command) => commands.includes(command));
const heard = (command: string, count: number) =>
  until(() => pdus(command).length >= count, { describe: `${count} of ${command}` });
const outgoing = (text: string, ref = 0): OutgoingMessage => ({
  ref,
  destination: `91${9_876_500_000 + ref}`,
  templateId: '1107000000000000001',
  ...segment(text),
});

describeWithForeignSmsc('the link with an SMSC that is not ours', () => {
  beforeAll(async () => {
    smsc = await startForeignSmsc();
  }, 90_000);
  afterAll(() => smsc?.stop());
  beforeEach(async () => {
    for (const way of ['answers yes', 'receipts yes', 'receipt-ids as-is', 'enquire-link-ms 60000'])
      await smsc.tell(way);
    smsc.forget();
  });
  afterEach(async () => {
    for (const link of opened.splice(0)) await link.stop();
  });

  describe('binds', () => {
    test.each([
      ['transceiver', [BIND.transceiver]],
      ['transmitter', [BIND.transmitter]],
      ['transmitter-and-receiver', [BIND.receiver, BIND.transmitter]],
    ] as const)('as %s', async (bindType, binds) => {
      const { link } = await bound({ bindType });
      await send(link, messages(3)).finished;

      expect(pdus(...Object.values(BIND)).toSorted()).toEqual(binds);
      expect(await said('submit', 3)).toHaveLength(3);
    });

    test('four times at once, and uses all four', async () => {
      const { link } = await bound({ binds: 4 });
      const slice = send(link, messages(40));
      await slice.finished;

      expect(slice.kinds()).toEqual({ accepted: 40 });
      expect(pdus(BIND.transceiver)).toHaveLength(4);
    });

    test('not with a wrong password, which is said without the password', async () => {
      const { link, logged } = open({ password: 'wrong' });
      await until(() => link.problem()?.includes('refused'), { describe: 'the refusal' });

      expect(link.state()).toBe('connecting');
      expect(link.problem()).toBe('transceiver: bind refused: ESME_RINVPASWD');
      expect(logged.join('')).toContain('ESME_RINVPASWD');
      expect(logged.join('')).not.toContain('wrong');
    });
  });

  describe('sends', () => {
    test.each(Object.entries(texts))('a text, %s, that it decodes to the same', async (_, text) => {
      const { link } = await bound();
      const message = outgoing(text);
      const slice = send(link, [message]);
      await slice.finished;
      const parts = await said('submit', message.parts.length);

      expect(slice.kinds()).toEqual({ accepted: message.parts.length });
      expect(parts.map((part) => part['text']).join('')).toBe(text);
      const headers = parts.map((part) => String(part['userDataHeader']));
      if (message.parts.length === 1) expect(headers).toEqual(['']);
      else expect(headers.map((header) => header.slice(8))).toEqual(message.parts.map((__, n) => `020${n + 1}`));
      expect(new Set(headers.map((header) => header.slice(0, 8))).size).toBe(1);
    });

    test('header, handset, validity, and the parameters of the registration as octet strings', async () => {
      const { link } = await bound({
        telemarketerChain: '1102,1103',
        tlvTags: { entityId: 0x1400, templateId: 0x1501, telemarketerChain: 0x1402 },
      });
      await send(link, [{ ...outgoing(texts.hindi), validUntil: new Date('2026-01-30T14:05:09Z') }]).finished;
      const [submit] = await said('submit', 1);

      const tlv = (tag: string, text: string): string =>
        `${tag}${text.length.toString(16).padStart(4, '0')}${Buffer.from(text).toString('hex')}`;
      expect(submit).toMatchObject({
        source: 'UPPCLP',
        sourceType: '5/0',
        destination: '919876500000',
        destinationType: '1/1',
        registeredDelivery: '1',
        validityPeriod: '260130140509000+',
      });
      expect(String(submit?.['tlvs']).toLowerCase().split(' ')).toEqual([
        tlv('1400', '1101000000000000001'),
        tlv('1501', '1107000000000000001'),
        tlv('1402', '1102,1103'),
      ]);
    });

    test('the parts of a long text by sar_ parameters', async () => {
      const { link } = await bound({ multiPart: 'sar' });
      await send(link, [{ ...outgoing(texts.longHindi), reference: 7 }]).finished;
      const parts = await said('submit', 2);

      expect(parts.map((part) => part['text']).join('')).toBe(texts.longHindi);
      expect(parts.map((part) => part['userDataHeader'])).toEqual(['', '']);
      for (const [n, part] of parts.entries())
        expect(String(part['tlvs']).toLowerCase()).toContain(`020c00020007 020e000102 020f00010${n + 1}`);
    });

    test('never more than its window', async () => {
      const { link } = await bound({ window: 5, timing: { ...quickly, enquireLinkMs: 50 } });
      await smsc.tell('answers no');
      const slice = send(link, messages(30));
      await said('submit', 5);
      // What was written before the next PDU would be read before it.
      await heard(ENQUIRE_LINK, pdus(ENQUIRE_LINK).length + 1);
      expect(smsc.said('submit')).toHaveLength(5);
      await smsc.tell('answers yes');
      await slice.finished;

      expect(slice.kinds()).toEqual({ accepted: 30 });
      expect(smsc.said('submit')).toHaveLength(30);
    });
  });

  describe('hears receipts', () => {
    test.each([
      ['the same', 'as-is', 'as-is'],
      ['in small letters without leading zeros', 'short', 'hex'],
      ['decimal where the answer was hexadecimal', 'decimal', 'hex-to-decimal'],
    ] as const)('whose ids are %s', async (_, theirs, ours) => {
      await smsc.tell(`receipt-ids ${theirs}`);
      const { link, receipts } = await bound({ messageIds: messageIds(ours) });
      const slice = send(link, messages(10));
      await slice.finished;
      await until(() => receipts.length === 10, { describe: 'ten receipts' });

      const accepted = slice.outcomes.map((outcome) =>
        'providerMessageId' in outcome ? outcome.providerMessageId : '',
      );
      const byHandset = new Map(receipts.map(({ handset, messageId }) => [handset, messageId]));
      expect(slice.outcomes.map(({ ref }) => byHandset.get(`91${9_876_500_000 + ref}`))).toEqual(accepted);
      expect(new Set(receipts.map(({ state }) => state))).toEqual(new Set(['DELIVRD']));
      await said('receipt answered', 10);
    });

    test('on the bind that receives, of what the other one sent', async () => {
      const { link, receipts } = await bound({ bindType: 'transmitter-and-receiver' });
      await send(link, messages(5)).finished;
      await until(() => receipts.length === 5, { describe: 'five receipts' });

      expect(await said('receipt answered', 5)).toHaveLength(5);
    });

    test('never when it only sends: it asks for none', async () => {
      const { link } = await bound({ bindType: 'transmitter' });
      const slice = send(link, messages(2));
      await slice.finished;

      expect((await said('submit', 2)).map((submit) => submit['registeredDelivery'])).toEqual(['0', '0']);
      // The SMSC may still be telling of messages of the tests before.
      const accepted = slice.outcomes.map((outcome) =>
        'providerMessageId' in outcome ? outcome.providerMessageId : '',
      );
      expect(smsc.said('receipt failed').filter(({ id }) => accepted.includes(String(id)))).toEqual([]);
    });
  });

  describe('stays and goes', () => {
    test('asked whether it is there, and asking', async () => {
      await smsc.tell('enquire-link-ms 50');
      const { link } = await bound({ timing: { ...quickly, enquireLinkMs: 200 } });
      await heard(ENQUIRE_LINK, 3);
      await heard(ENQUIRE_LINK_RESP, 2);

      expect(link.state()).toBe('bound');
      expect(pdus(BIND.transceiver)).toHaveLength(1);
    });

    test.each(['close', 'unbind'])('when it ends with %s in mid-window: what was out is in doubt', async (end) => {
      const { link } = await bound({ window: 4 });
      await smsc.tell('answers no');
      const slice = send(link, messages(10));
      await said('submit', 4);
      await smsc.tell(`sessions ${end}`);
      await slice.finished;
      await smsc.tell('answers yes');

      expect(slice.kinds()).toEqual({ 'in-doubt': 4, 'not-written': 6 });
      await until(() => link.state() === 'bound', { describe: 'the next bind' });
      const next = send(link, messages(3));
      await next.finished;
      expect(next.kinds()).toEqual({ accepted: 3 });
    });
  });
});
