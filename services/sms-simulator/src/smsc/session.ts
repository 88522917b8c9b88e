import type { Socket } from 'node:net';
import {
  type BindCommand,
  bindCommand,
  commandIds,
  commandStatus,
  commandStatusName,
  decodeBind,
  decodeSubmitSm,
  encodeBindResp,
  encodeEnquireLink,
  encodeEnquireLinkResp,
  encodeGenericNack,
  encodeRefusal,
  encodeSubmitSmResp,
  encodeUnbindResp,
  HEADER_OCTETS,
  isFault,
  isResponse,
  MAX_BIND_OCTETS,
  MAX_SUBMIT_SM_RESP_OCTETS,
  pduReader,
  pduWriter,
  readHeader,
  responseId,
  SMPP_3_4,
} from '@bijli/smpp';
import type { Account } from './account.ts';
import { encodeReceipt, MAX_RECEIPT_OCTETS } from './encode-receipt.ts';
import type { Receipt, Receiver } from './receipt-queue.ts';
import { type Ended, type SubmitAnswer, takeSubmit } from './take-submit.ts';
import type { Timetable } from './timetable.ts';

/** A submit_sm whose answer is delayed. */
export type DelayedAnswer = {
  readonly sequence: number;
  readonly answer: SubmitAnswer;
  readonly session: SmscSession;
};

/** What one connection is given. */
export type SmscSessionInput = {
  readonly id: number;
  readonly socket: Socket;
  readonly account: Account;
  readonly endings: Timetable<Ended>;
  readonly delayed: Timetable<DelayedAnswer>;
  onClosed(session: SmscSession): void;
};

/** One connection of a client. */
export type SmscSession = {
  /** Looks once whether anything took too long. */
  tick(nowMs: number): void;
  answer(sequence: number, answer: SubmitAnswer): void;
  flush(): void;
  close(): void;
};

const OUTPUT_OCTETS = 65_536;
const BIND_WITHIN_MS = 10_000;
const ENQUIRE_AFTER_MS = 60_000;
const ANSWER_WITHIN_MS = 10_000;
const SYSTEM_ID = 'sms-simulator';

/** Serves one connection: bind, submit_sm, receipts, enquire_link, unbind. Every PDU goes into the log. */
export function startSmscSession(input: SmscSessionInput): SmscSession {
  const { id, socket, account, endings, delayed } = input;
  const { pduLog, counters, receipts, log } = account;
  const beganAt = performance.now();
  let boundAs: BindCommand | undefined;
  let isClosed = false;
  let sequence = 0;
  let unanswered = 0;
  let latestReadAt = beganAt;
  let enquiredAt: number | undefined;
  const outstanding = new Map<number, { receipt: Receipt; at: number }>();

  const writer = pduWriter(OUTPUT_OCTETS, (octets, done) => {
    // The log first: what a client was told stands in it, whatever happens to this process.
    pduLog.flush();
    socket.write(octets, done);
  });
  const send = (octets: number, encode: (target: Buffer, at: number) => number): void => {
    if (isClosed) return;
    writer.add(octets, (target, at) => {
      const end = encode(target, at);
      pduLog.record(id, 'out', target, at, end);
      return end;
    });
  };
  const refuse = (commandId: number, status: number, asked: number): void =>
    send(HEADER_OCTETS, (target, at) => encodeRefusal(target, at, responseId(commandId), status, asked));
  const nack = (status: number, asked: number): void => {
    counters.badPdus += 1;
    send(HEADER_OCTETS, (target, at) => encodeGenericNack(target, at, status, asked));
  };
  const flush = (): void => {
    if (!isClosed) writer.flush();
    pduLog.flush();
  };

  const receiver: Receiver = {
    id,
    canTake: () => outstanding.size < account.window && !socket.writableNeedDrain,
    deliver: (receipt) => {
      sequence += 1;
      const asked = sequence;
      outstanding.set(asked, { receipt, at: performance.now() });
      const { receiptParameters: withParameters } = account.behaviour;
      send(MAX_RECEIPT_OCTETS, (target, at) => encodeReceipt(target, at, { receipt, sequence: asked, withParameters }));
    },
    flush,
  };

  function bind(command: BindCommand, octets: Buffer, start: number, end: number): void {
    const bind = decodeBind(octets, start, end);
    if (isFault(bind)) return refuse(commandIds[command], bind.status, readHeader(octets, start).sequenceNumber);
    const status = bindStatus(bind.systemId, bind.password);
    const response = { sequenceNumber: bind.sequenceNumber, status, systemId: SYSTEM_ID, scInterfaceVersion: SMPP_3_4 };
    send(MAX_BIND_OCTETS, (target, at) => encodeBindResp(target, at, command, response));
    if (status !== commandStatus.ESME_ROK) {
      counters.bindsRefused += 1;
      log.warn({ session: id, status: commandStatusName(status) }, 'bind refused');
      return;
    }
    boundAs = command;
    log.info({ session: id, command }, 'client is bound');
    if (boundAs === 'bind_transmitter') return;
    // The answer to the bind leaves before the first receipt.
    flush();
    receipts.attach(receiver);
  }
  function bindStatus(systemId: string, password: string): number {
    if (boundAs !== undefined) return commandStatus.ESME_RALYBND;
    if (systemId !== account.systemId) return commandStatus.ESME_RINVSYSID;
    return password === account.password ? commandStatus.ESME_ROK : commandStatus.ESME_RINVPASWD;
  }

  function submit(octets: Buffer, start: number, end: number): void {
    const { sequenceNumber: asked } = readHeader(octets, start);
    counters.submits += 1;
    const { disconnectEverySubmits, throttleAbovePerSecond, refuseStatus, answerDelayMs } = account.behaviour;
    if (disconnectEverySubmits !== null && counters.submits % disconnectEverySubmits === 0) {
      counters.disconnected += 1;
      return close();
    }
    const sm = decodeSubmitSm(octets, start, end);
    if (isFault(sm)) {
      counters.badPdus += 1;
      return refuse(commandIds.submit_sm, sm.status, asked);
    }
    if (unanswered >= account.window || !account.gate(performance.now(), throttleAbovePerSecond)) {
      counters.throttled += 1;
      return refuse(commandIds.submit_sm, commandStatus.ESME_RTHROTTLED, asked);
    }
    if (refuseStatus !== null) {
      counters.refused += 1;
      return refuse(commandIds.submit_sm, refuseStatus, asked);
    }
    unanswered += 1;
    const taken = takeSubmit(account, endings, sm, id);
    // A receipt that is early overtakes the answer.
    receipts.pump();
    if (answerDelayMs > 0) delayed.add(answerDelayMs, { sequence: asked, answer: taken, session });
    else answer(asked, taken);
  }
  function answer(asked: number, taken: SubmitAnswer): void {
    unanswered -= 1;
    if (taken === undefined) return;
    const { status, messageId } = taken;
    send(MAX_SUBMIT_SM_RESP_OCTETS, (target, at) =>
      encodeSubmitSmResp(target, at, { sequenceNumber: asked, status, messageId }),
    );
  }

  function onPdu(octets: Buffer, start: number, end: number): void {
    pduLog.record(id, 'in', octets, start, end);
    const { commandId, commandStatus: status, sequenceNumber: asked } = readHeader(octets, start);
    const binding = bindCommand(commandId);
    if (binding !== null) return bind(binding, octets, start, end);
    switch (commandId) {
      case commandIds.submit_sm:
        if (boundAs === 'bind_transmitter' || boundAs === 'bind_transceiver') return submit(octets, start, end);
        return refuse(commandId, commandStatus.ESME_RINVBNDSTS, asked);
      case commandIds.deliver_sm_resp:
      case commandIds.generic_nack:
        return receiptAnswered(asked, status);
      case commandIds.enquire_link:
        return send(HEADER_OCTETS, (target, at) => encodeEnquireLinkResp(target, at, asked));
      case commandIds.enquire_link_resp:
        enquiredAt = undefined;
        return;
      case commandIds.unbind:
        send(HEADER_OCTETS, (target, at) => encodeUnbindResp(target, at, asked));
        flush();
        socket.end();
        return leave();
      default:
        if (!isResponse(commandId)) nack(commandStatus.ESME_RINVCMDID, asked);
    }
  }
  function receiptAnswered(asked: number, status: number): void {
    const open = outstanding.get(asked);
    if (open === undefined) return;
    outstanding.delete(asked);
    receipts.answered(open.receipt, status);
  }

  /** No more receipts go here; those that were not answered go elsewhere. */
  function leave(): void {
    if (boundAs === undefined) return;
    boundAs = undefined;
    const open = [...outstanding.values()].map(({ receipt }) => receipt);
    outstanding.clear();
    receipts.detach(receiver, open);
  }
  function close(): void {
    if (isClosed) return;
    isClosed = true;
    reader.stop();
    pduLog.flush();
    socket.destroy();
    leave();
    input.onClosed(session);
  }
  function tick(nowMs: number): void {
    if (boundAs === undefined) return nowMs - beganAt > BIND_WITHIN_MS ? close() : undefined;
    if (enquiredAt !== undefined && nowMs - enquiredAt > ANSWER_WITHIN_MS) return close();
    for (const [asked, { receipt, at }] of outstanding) {
      if (nowMs - at <= ANSWER_WITHIN_MS) break;
      outstanding.delete(asked);
      receipts.notAnswered(receipt);
    }
    if (enquiredAt === undefined && nowMs - latestReadAt > ENQUIRE_AFTER_MS) {
      enquiredAt = nowMs;
      sequence += 1;
      const asked = sequence;
      send(HEADER_OCTETS, (target, at) => encodeEnquireLink(target, at, asked));
      flush();
    }
  }

  const reader = pduReader({
    onPdu,
    onFault: ({ status, sequenceNumber }) => {
      nack(status, sequenceNumber);
      flush();
      close();
    },
  });
  const session: SmscSession = { tick, answer, flush, close };
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    latestReadAt = performance.now();
    enquiredAt = undefined;
    reader.push(chunk);
    // Answered receipts and this read's answers leave in one write.
    receipts.pump();
    flush();
  });
  socket.on('drain', receipts.pump);
  socket.on('error', close);
  socket.on('close', close);
  counters.sessions += 1;
  return session;
}
