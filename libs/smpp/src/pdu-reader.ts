import { commandStatus } from './command-status.ts';
import { HEADER_OCTETS, readInteger4, readSequenceNumber } from './header.ts';

/** Why the octets of a connection cannot be cut into PDUs any more. */
export type FramingFault = { readonly status: number; readonly sequenceNumber: number };

/** Cuts a stream into PDUs. */
export type PduReader = {
  /** Takes what one read of the socket gave; calls `onPdu` for each PDU that is complete with it. */
  push(chunk: Buffer): void;
  /** Drops everything from here on, also the rest of the chunk that is being pushed. */
  stop(): void;
};

/** A larger PDU of ours does not exist: fields, 254 octets of text, a few optional parameters. */
export const DEFAULT_MAX_PDU_OCTETS = 16_384;

type Frame = { octets: Buffer; filled: number; wanted: number };

const emptyFrame = (): Frame => ({ octets: Buffer.alloc(HEADER_OCTETS), filled: 0, wanted: HEADER_OCTETS });

/**
 * Makes a reader of whole PDUs over arbitrary chunk boundaries (SMPP 3.4, 3.2.1: command_length leads each).
 * `onPdu` gets the octets and the bounds of one PDU, usually inside the chunk itself: nothing is copied. They stay
 * valid after the call. A command_length below 16 or above `maxOctets` is reported once to `onFault` with the status
 * and sequence number for the generic_nack (4.3.1); after that the stream cannot be trusted and all is dropped.
 * A PDU that arrives in pieces costs one copy of its octets, however small the pieces.
 */
export function pduReader(options: {
  readonly maxOctets?: number;
  readonly onPdu: (octets: Buffer, start: number, end: number) => void;
  readonly onFault: (fault: FramingFault) => void;
}): PduReader {
  const { maxOctets = DEFAULT_MAX_PDU_OCTETS, onPdu, onFault } = options;
  let stopped = false;
  let partial: Frame | undefined;

  const isSound = (octets: Buffer, start: number): boolean => {
    const length = readInteger4(octets, start);
    if (length >= HEADER_OCTETS && length <= maxOctets) return true;
    stopped = true;
    onFault({ status: commandStatus.ESME_RINVCMDLEN, sequenceNumber: readSequenceNumber(octets, start) });
    return false;
  };

  /** Fills the broken PDU from the chunk; gives the offset behind what it took. */
  const fill = (frame: Frame, chunk: Buffer, from: number): number => {
    const taken = chunk.copy(frame.octets, frame.filled, from, from + frame.wanted - frame.filled);
    frame.filled += taken;
    return from + taken;
  };

  const finishPartial = (frame: Frame, chunk: Buffer): number => {
    let at = fill(frame, chunk, 0);
    if (frame.filled === frame.wanted && frame.wanted === HEADER_OCTETS && isSound(frame.octets, 0)) {
      frame.wanted = readInteger4(frame.octets, 0);
      const whole = Buffer.allocUnsafe(frame.wanted);
      frame.octets.copy(whole, 0, 0, HEADER_OCTETS);
      frame.octets = whole;
      at = fill(frame, chunk, at);
    }
    if (stopped || frame.filled < frame.wanted) return at;
    partial = undefined;
    onPdu(frame.octets, 0, frame.wanted);
    return at;
  };

  const push = (chunk: Buffer): void => {
    if (stopped) return;
    let at = partial === undefined ? 0 : finishPartial(partial, chunk);
    while (!stopped && chunk.length - at >= HEADER_OCTETS && isSound(chunk, at)) {
      const end = at + readInteger4(chunk, at);
      if (end > chunk.length) break;
      onPdu(chunk, at, end);
      at = end;
    }
    if (stopped || at === chunk.length) return;
    partial = emptyFrame();
    finishPartial(partial, chunk.subarray(at));
  };

  return {
    push,
    stop: () => {
      stopped = true;
    },
  };
}
