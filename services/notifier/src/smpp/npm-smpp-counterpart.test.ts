import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@bijli/testing';
import smpp, { type Pdu, type Session } from 'smpp';
import { messages, send, testLink } from '../../test/smpp/test-link.ts';

const closing: (() => Promise<unknown> | undefined)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** An SMSC made of npm `smpp`, which answers everything, and a link that is bound to it. */
async function counterpart(password = 'secret') {
  const heard: Pdu[] = [];
  const sessions: Session[] = [];
  const server = smpp.createServer((session) => {
    sessions.push(session);
    session.on('pdu', (pdu) => {
      heard.push(pdu);
      if (pdu.command === 'bind_transceiver')
        session.send(pdu.response({ command_status: pdu['password'] === 'secret' ? 0 : 0x0e, system_id: 'npm' }));
      else if (pdu.command === 'submit_sm') session.send(pdu.response({ message_id: `id-${pdu.sequence_number}` }));
      else if (!pdu.command.endsWith('_resp')) session.send(pdu.response());
      if (pdu.command === 'unbind') session.close();
    });
    session.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tested = testLink((server.address() as AddressInfo).port, { password, timing: { enquireLinkMs: 50 } });
  closing.push(() => {
    server.close();
    return once(server, 'close');
  });
  closing.push(() => tested.link.stop());
  return { ...tested, heard, session: () => sessions.at(-1) as Session };
}

const isBound = ({ link }: Pick<Awaited<ReturnType<typeof counterpart>>, 'link'>) =>
  until(() => link.state() === 'bound', { describe: 'the link to be bound' });

describe('SMPP link with npm smpp', () => {
  test('binds, submits in both codings and in parts, and stops', async () => {
    const tested = await counterpart();
    await isBound(tested);

    const hindi = send(tested.link, messages(20, 2));
    const english = send(tested.link, [
      {
        ref: 0,
        destination: '919876500000',
        templateId: '1107',
        coding: 'gsm-7',
        parts: [Buffer.from('Power restored 14:05')],
      },
    ]);
    await Promise.all([hindi.finished, english.finished]);

    expect([hindi.kinds(), english.kinds()]).toEqual([{ accepted: 40 }, { accepted: 1 }]);
    const texts = tested.heard
      .filter(({ command }) => command === 'submit_sm')
      .map((pdu) => pdu['short_message'] as { message: string; udh?: Buffer[] });
    expect(texts).toHaveLength(41);
    expect(texts[0]?.message).toBe('क'.repeat(67));
    expect(texts[0]?.udh?.[0]?.subarray(0, 2)).toEqual(Buffer.from([0, 3]));
    expect(texts[40]?.message).toBe('Power restored 14:05');

    await tested.link.stop();
    expect(tested.heard.at(-1)?.command).toBe('unbind');
  });

  test('takes its receipts and answers its enquire_link and unbind', async () => {
    const tested = await counterpart();
    await isBound(tested);
    const session = tested.session();

    const answers: string[] = [];
    const answered = (pdu: Pdu): void => void answers.push(`${pdu.command} ${pdu.command_status}`);
    const text = 'id:id-2 sub:001 dlvrd:001 submit date:2601301000 done date:2601301001 stat:DELIVRD err:000 text:';
    session.deliver_sm(
      {
        esm_class: 4,
        source_addr: '919876500000',
        short_message: text,
        receipted_message_id: 'id-2',
        message_state: 2,
      },
      answered,
    );
    session.enquire_link(answered);
    await until(() => answers.length === 2, { describe: 'two answers' });
    session.unbind(answered);
    await until(() => answers.length === 3, { describe: 'the answer to unbind' });

    expect(answers.toSorted()).toEqual(['deliver_sm_resp 0', 'enquire_link_resp 0', 'unbind_resp 0']);
    expect(tested.receipts).toMatchObject([{ messageId: 'id-2', state: 'DELIVRD', handset: '919876500000' }]);
    await until(() => tested.counter('reconnects') === 1, { describe: 'the link to come back' });
  });

  test('keeps asking whether it is there', async () => {
    const tested = await counterpart();
    await isBound(tested);
    await until(() => tested.heard.filter(({ command }) => command === 'enquire_link').length >= 2, {
      describe: 'two enquire_link',
    });
    expect(tested.link.state()).toBe('bound');
  });

  test('is refused with a wrong password', async () => {
    const tested = await counterpart('wrong');
    await until(() => tested.logged.join('').includes('ESME_RINVPASWD'), { describe: 'the refusal' });
    expect(tested.link.state()).toBe('connecting');
  });
});
