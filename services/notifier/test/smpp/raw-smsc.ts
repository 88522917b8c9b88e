import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import {
  bindCommand,
  type CommandName,
  commandIds,
  commandName,
  commandStatus,
  decodeSubmitSm,
  encodeBindResp,
  encodeDeliverSm,
  encodeEnquireLinkResp,
  encodeSubmitSmResp,
  encodeUnbindResp,
  isFault,
  NO_TLVS,
  pduReader,
  readHeader,
  type ShortMessage,
} from '@bijli/smpp';

/** A PDU as it came. */
export type RawPdu = {
  readonly name: CommandName | null;
  readonly status: number;
  readonly sequence: number;
  readonly octets: Buffer;
};

/** One connection of a client, which does nothing that the test does not say. */
export type RawConnection = {
  readonly socket: Socket;
  readonly pdus: RawPdu[];
  submits(): (ShortMessage & { sequence: number })[];
  send(encode: (target: Buffer, at: number) => number): void;
  accept(sequence: number, messageId: string): void;
  refuse(sequence: number, status: number): void;
  /** Sends a receipt for a message, with the given sequence number; `deliver` sends any other. */
  deliver(change: Partial<ShortMessage>, encode?: typeof encodeDeliverSm): void;
  receipt(sequence: number, messageId: string, handset: string): void;
};

/** What the server does by itself, and what the test adds. */
export type RawSmscBehaviour = {
  readonly bindStatus?: number;
  readonly answersBind?: boolean;
  readonly answersEnquireLink?: boolean;
  readonly answersUnbind?: boolean;
  readonly onSubmit?: (connection: RawConnection, submit: ShortMessage & { sequence: number }) => void;
};

/** A TCP server for tests that speaks SMPP only as far as it is told, so that it can misbehave at every point. */
export type RawSmsc = {
  readonly port: number;
  readonly connections: RawConnection[];
  close(): Promise<void>;
};

/** Listens on a free port of the loopback address, with TLS when options for it are given. */
export async function startRawSmsc(behaviour: RawSmscBehaviour = {}, tls?: TlsOptions): Promise<RawSmsc> {
  const connections: RawConnection[] = [];
  const onConnection = (socket: Socket): void => {
    const connection = rawConnection(socket);
    connections.push(connection);
    const reader = pduReader({
      onPdu: (octets, start, end) => {
        const { commandId, commandStatus: status, sequenceNumber: sequence } = readHeader(octets, start);
        const pdu = {
          name: commandName(commandId),
          status,
          sequence,
          octets: Buffer.from(octets.subarray(start, end)),
        };
        connection.pdus.push(pdu);
        react(connection, pdu, behaviour);
      },
      onFault: () => socket.destroy(),
    });
    socket.on('data', reader.push);
    socket.on('error', () => undefined);
  };
  const server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, onConnection)
      : createTlsServer(tls, onConnection).on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    close: async () => {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function react(connection: RawConnection, pdu: RawPdu, behaviour: RawSmscBehaviour): void {
  const {
    answersBind = true,
    answersEnquireLink = true,
    answersUnbind = true,
    bindStatus = commandStatus.ESME_ROK,
    onSubmit,
  } = behaviour;
  const { sequence } = pdu;
  const bind = bindCommand(pdu.octets.readUInt32BE(4));
  if (bind !== null && answersBind) {
    const response = { sequenceNumber: sequence, status: bindStatus, systemId: 'SMSC', scInterfaceVersion: 0x34 };
    connection.send((target, at) => encodeBindResp(target, at, bind, response));
  }
  if (pdu.name === 'enquire_link' && answersEnquireLink)
    connection.send((target, at) => encodeEnquireLinkResp(target, at, sequence));
  if (pdu.name === 'unbind' && answersUnbind) connection.send((target, at) => encodeUnbindResp(target, at, sequence));
  if (pdu.name === 'submit_sm') onSubmit?.(connection, submitOf(pdu));
}

function submitOf({ octets, sequence }: RawPdu): ShortMessage & { sequence: number } {
  const submit = decodeSubmitSm(octets, 0, octets.length);
  if (isFault(submit)) throw new Error(`submit_sm has a fault in ${submit.field}`);
  return { ...submit, sequence };
}

const RECEIPT: ShortMessage = {
  sequenceNumber: 0,
  serviceType: '',
  sourceAddrTon: 1,
  sourceAddrNpi: 1,
  sourceAddr: '',
  destAddrTon: 5,
  destAddrNpi: 0,
  destinationAddr: 'UPPCLP',
  esmClass: 4,
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 0,
  replaceIfPresentFlag: 0,
  dataCoding: 0,
  smDefaultMsgId: 0,
  shortMessage: Buffer.alloc(0),
  tlvs: NO_TLVS,
};

/** More than any PDU that a test sends. */
const MOST_OCTETS = 80_000;

function rawConnection(socket: Socket): RawConnection {
  const pdus: RawPdu[] = [];
  const send = (encode: (target: Buffer, at: number) => number): void => {
    const target = Buffer.alloc(MOST_OCTETS);
    socket.write(target.subarray(0, encode(target, 0)));
  };
  const deliver: RawConnection['deliver'] = (change, encode = encodeDeliverSm) =>
    send((target, at) => encode(target, at, { ...RECEIPT, ...change }));
  return {
    socket,
    pdus,
    submits: () => pdus.filter(({ octets }) => octets.readUInt32BE(4) === commandIds.submit_sm).map(submitOf),
    send,
    accept: (sequence, messageId) =>
      send((target, at) => encodeSubmitSmResp(target, at, { sequenceNumber: sequence, status: 0, messageId })),
    refuse: (sequence, status) =>
      send((target, at) => encodeSubmitSmResp(target, at, { sequenceNumber: sequence, status, messageId: '' })),
    receipt: (sequence, messageId, handset) => {
      const shortMessage = Buffer.from(
        `id:${messageId} sub:001 dlvrd:001 submit date:2601301000 done date:2601301001 stat:DELIVRD err:000 text:`,
      );
      deliver({ sequenceNumber: sequence, sourceAddr: handset, shortMessage });
    },
    deliver,
  };
}
