import {
  commandStatus,
  commandStatusName,
  decodeBindResp,
  encodeBind,
  encodeEnquireLink,
  encodeGenericNack,
  encodeUnbind,
  HEADER_OCTETS,
  isFault,
  MAX_BIND_OCTETS,
  MAX_SEQUENCE_NUMBER,
  pduReader,
  pduWriter,
  SMPP_3_4,
} from '@bijli/smpp';
import { handlePdu, type PduHandlers } from './handle-pdu.ts';
import { inFlight } from './in-flight.ts';
import { keepAlive } from './keep-alive.ts';
import { requestIntake } from './request-intake.ts';
import type { SessionInput } from './session-input.ts';
import { submitPump } from './submit-pump.ts';
import { submitResponses } from './submit-responses.ts';

/** One connection, from its first packet to its end; a reconnect is a new one, with sequence numbers of its own. */
export type Session = {
  /** Writes what may be written: as much of the slices as the window takes. */
  pump(): void;
  /** Whether nothing waits for an answer, on either side. */
  isIdle(): boolean;
  /** Parts that were written and wait for their answer. */
  unanswered(): number;
  unbind(): void;
  destroy(reason: string): void;
  /** Ends it so that nothing leaves any more, also not what the kernel still holds. */
  cut(reason: string): void;
  /** Whether the provider wants another bind in its place. */
  isOutgoing(): boolean;
};

/** What the reason of an end begins with when the provider did not let us in. */
export const BIND_REFUSED = 'bind refused';

const OCTETS_PER_PART = 400;
const OUTPUT_OCTETS = { least: 16_384, most: 262_144 };
/** The clock of a session ticks a few times within the shortest of its limits. */
const TICKS_PER_LIMIT = 4;

/** Runs one connection: bind, submit with a window, receive, keep alive, unbind. */
export function startSession(input: SessionInput): Session {
  const { socket, options, timing, now, counters, slices } = input;
  const { highestSequence = MAX_SEQUENCE_NUMBER } = options;
  const outputOctets = Math.min(OUTPUT_OCTETS.most, Math.max(OUTPUT_OCTETS.least, options.window * OCTETS_PER_PART));
  const out = pduWriter(outputOctets, (octets, done) => socket.write(octets, done));
  const written = inFlight();
  let state: 'binding' | 'bound' | 'unbinding' | 'closed' = 'binding';
  let isOutputOver = false;
  /** It takes nothing more, and ends when all is answered: another one takes its place. */
  let isOutgoing = false;
  let sequence = 0;
  let bindSequence = 0;
  /** When the present state must have ended. */
  let stateEndsAt = now() + timing.bindTimeoutMs;

  const nextSequence = (): number => {
    sequence += 1;
    return sequence;
  };
  /** Never used twice in a session (SMPP 3.4, 5.1.4): one that has spent them is followed by a new one. */
  const isSpent = (): boolean => sequence > highestSequence - options.window - 2;
  const send = (octets: number, encode: (target: Buffer, at: number) => number): void => {
    if (!isOutputOver) out.add(octets, encode);
  };
  const intake = requestIntake({ ...input, send, flush });
  const responses = submitResponses({ ...input, written, onBindRefused: makeAnew });
  const submits = submitPump({ ...input, out, written, nextSequence });
  const watch = keepAlive({ timing, now, written, onOverdue: responses.inDoubt, enquire });
  const reader = pduReader({
    onPdu: (octets, start, end) => handlePdu(handlers, octets, start, end),
    onFault: refuseStream,
  });
  const handlers: PduHandlers = {
    ...intake,
    bindResp,
    submitResp: responses.submitResp,
    genericNack: (status, answered) =>
      state === 'binding' && answered === bindSequence ? bindRefused(status) : responses.nack(status, answered),
    enquireResp: (answered) => void (watch.answered(answered) || responses.stray()),
    unbind: peerUnbinds,
    unbindResp: () => (state === 'unbinding' ? destroy('unbound') : responses.stray()),
    stray: responses.stray,
  };

  function flush(): void {
    if (!isOutputOver) out.flush();
    input.onProgress();
  }
  function pump(): void {
    if (state === 'bound' && !isSpent() && !isOutgoing && !socket.writableNeedDrain) submits.write();
    slices.report();
    flush();
    if (state === 'bound' && (isSpent() || isOutgoing) && written.size() === 0) unbind();
  }
  function leaveBound(): void {
    if (state === 'unbinding') return;
    state = 'unbinding';
    stateEndsAt = now() + timing.unbindMs;
    input.onUnbound();
  }
  /** What waits goes back: over the next bind it may be taken. */
  function makeAnew(): void {
    if (isOutgoing || state !== 'bound') return;
    isOutgoing = true;
    input.log.warn({ session: input.id }, 'SMPP provider does not take texts by this bind: it is made anew');
    input.onUnbound();
  }
  function unbind(): void {
    if (state !== 'bound') return destroy('stopped');
    leaveBound();
    send(HEADER_OCTETS, (target, at) => encodeUnbind(target, at, nextSequence()));
    flush();
  }
  function peerUnbinds(asked: number): void {
    intake.unbind(asked);
    flush();
    leaveBound();
    isOutputOver = true;
    // Our side ends; answers that are already on their way are still read until the peer ends its side.
    socket.end();
  }
  function destroy(reason: string): void {
    if (state === 'closed') return;
    leaveBound();
    state = 'closed';
    isOutputOver = true;
    clearInterval(clock);
    reader.stop();
    socket.destroy();
    responses.allInDoubt();
    slices.report();
    input.onClosed(reason);
  }

  function cut(reason: string): void {
    if (state !== 'closed') socket.resetAndDestroy();
    destroy(reason);
  }

  function bind(): void {
    bindSequence = nextSequence();
    const { systemId, password, systemType = '', bindAs = 'transceiver' } = options;
    const request = {
      sequenceNumber: bindSequence,
      systemId,
      password,
      systemType,
      interfaceVersion: SMPP_3_4,
      addrTon: 0,
      addrNpi: 0,
      addressRange: '',
    };
    send(MAX_BIND_OCTETS, (target, at) => encodeBind(target, at, `bind_${bindAs}`, request));
    flush();
  }
  function bindResp(octets: Buffer, start: number, end: number): void {
    const response = decodeBindResp(octets, start, end);
    if (isFault(response)) return destroy('the answer to bind cannot be read');
    if (state !== 'binding' || response.sequenceNumber !== bindSequence) return responses.stray();
    if (response.status !== commandStatus.ESME_ROK) return bindRefused(response.status);
    state = 'bound';
    watch.heard();
    input.onBound();
  }
  function bindRefused(status: number): void {
    destroy(`${BIND_REFUSED}: ${commandStatusName(status)}`);
  }
  function enquire(): number {
    const asked = nextSequence();
    send(HEADER_OCTETS, (target, at) => encodeEnquireLink(target, at, asked));
    return asked;
  }
  function refuseStream({ status, sequenceNumber }: { status: number; sequenceNumber: number }): void {
    counters.badPdus += 1;
    send(HEADER_OCTETS, (target, at) => encodeGenericNack(target, at, status, sequenceNumber));
    flush();
    destroy('a PDU of impossible length');
  }

  function onData(chunk: Buffer): void {
    watch.heard();
    reader.push(chunk);
    // Answers are handed over before receipts are looked at: one packet often brings both of the same message.
    pump();
    intake.start();
  }
  function tick(): void {
    if (state !== 'bound') {
      if (now() >= stateEndsAt) destroy(state === 'binding' ? 'no answer to bind' : 'no answer to unbind');
      return;
    }
    const dead = watch.look();
    if (dead === undefined) pump();
    else destroy(dead);
  }

  const limits = [timing.bindTimeoutMs, timing.enquireLinkMs, timing.responseTimeoutMs, timing.unbindMs];
  const clock = setInterval(tick, Math.min(...limits) / TICKS_PER_LIMIT);
  socket.setNoDelay(true);
  // For TLS our first octet goes when the channel is secure.
  socket.once(options.tls === undefined ? 'connect' : 'secureConnect', bind);
  socket.on('data', onData);
  socket.on('drain', pump);
  socket.on('error', (error: NodeJS.ErrnoException) => destroy(error.code ?? 'connection error'));
  socket.on('close', () => destroy('connection closed'));

  return {
    pump,
    isIdle: () => written.size() === 0 && intake.isIdle(),
    unanswered: written.size,
    unbind,
    destroy,
    cut,
    isOutgoing: () => isOutgoing,
  };
}
