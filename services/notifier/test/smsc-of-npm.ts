import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';

/** An SMSC that is not ours: npm `smpp`. It accepts every text and sends a receipt for each when asked to. */
export type CounterpartSmsc = {
  readonly port: number;
  /** Numbers that got a text, in order of arrival. */
  mobiles(): string[];
  sendReceipts(): void;
  close(): Promise<void>;
};

/** Opens it on a port of the loopback address, a free one unless told. */
export async function openCounterpartSmsc(port = 0): Promise<CounterpartSmsc> {
  const submitted: { pdu: Pdu; id: string }[] = [];
  const sessions: Session[] = [];
  const server = smpp.createServer((session) => {
    sessions.push(session);
    session.on('error', () => undefined);
    session.on('pdu', (pdu) => {
      if (pdu.command === 'submit_sm') {
        const id = `id-${submitted.length + 1}`;
        submitted.push({ pdu, id });
        session.send(pdu.response({ message_id: id }));
      } else if (!pdu.command.endsWith('_resp')) session.send(pdu.response());
      if (pdu.command === 'unbind') session.close();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    mobiles: () => submitted.map(({ pdu }) => String(pdu['destination_addr'])),
    sendReceipts: () => {
      for (const { pdu, id } of submitted) {
        sessions.at(-1)?.deliver_sm({
          source_addr: pdu['destination_addr'],
          destination_addr: pdu['source_addr'],
          esm_class: 4,
          short_message: `id:${id} sub:001 dlvrd:001 submit date:2601300930 done date:2601300931 stat:DELIVRD err:000 text:`,
        });
      }
    },
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
