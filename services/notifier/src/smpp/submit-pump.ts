import { commandStatus, type PduWriter } from '@bijli/smpp';
import type { InFlight } from './in-flight.ts';
import { countRejection } from './link-counters.ts';
import type { SessionInput } from './session-input.ts';
import type { Part, Slice } from './slices.ts';

type PumpInput = Pick<SessionInput, 'options' | 'slices' | 'encoder' | 'pause' | 'counters' | 'now' | 'log'> & {
  readonly out: PduWriter;
  readonly written: InFlight;
  readonly nextSequence: () => number;
};

/** Parts that are encoded and not yet allowed to leave. */
type Batch = {
  readonly parts: Part[];
  readonly sequences: number[];
  /** Parts that fit into no PDU. */
  readonly unfit: Part[];
  taken: number;
};

/** Makes the writer of submit_sm: it fills the window from the slices, one write at a time. */
export function submitPump({
  options,
  slices,
  encoder,
  pause,
  counters,
  now,
  log,
  out,
  written,
  nextSequence,
}: PumpInput): { write(): void } {
  const takeWhatFits = (): Batch => {
    const batch: Batch = { parts: [], sequences: [], unfit: [], taken: 0 };
    const most = pause.isOn() ? 0 : options.window - written.size();
    for (let part = slices.peek(); part !== undefined && hasRoom(batch, most, part); part = slices.peek()) {
      slices.take();
      batch.taken += 1;
      addTo(batch, part);
    }
    return batch;
  };
  const hasRoom = ({ parts }: Batch, most: number, part: Part): boolean =>
    parts.length < most && out.fits(encoder.octets(part.message));

  const addTo = (batch: Batch, part: Part): void => {
    const { message, partNo } = part;
    const sequence = nextSequence();
    try {
      out.add(0, (target, at) => encoder.encode(target, at, { sequence, message, partNo }));
      batch.parts.push(part);
      batch.sequences.push(sequence);
    } catch (err) {
      // A field that cannot hold its value: no other try would help, and its neighbours are not to blame.
      log.error({ err }, 'message does not fit into a PDU');
      batch.unfit.push(part);
    }
  };
  const refuse = (part: Part): void => {
    const status = commandStatus.ESME_RSUBMITFAIL;
    countRejection(counters, status);
    slices.settle(part, { ref: part.message.ref, partNo: part.partNo, kind: 'rejected', status });
  };

  const forbidden = (batch: Batch): Set<Slice> =>
    new Set([...new Set(batch.parts.map((part) => part.slice))].filter((slice) => !slice.handling.mayWrite()));

  /** What is put back is settled later, once; so a part is refused only when its batch is not put back. */
  const commit = ({ parts, sequences, unfit }: Batch): void => {
    for (const part of unfit) refuse(part);
    const writtenAt = now();
    for (const [index, part] of parts.entries()) {
      part.writtenAt = writtenAt;
      written.add(sequences[index] as number, part);
    }
    counters.submitted += parts.length;
  };

  /** Encodes, asks, writes: nothing lies between the permission and the write. @returns whether there may be more. */
  const writeOnce = (): boolean => {
    const next = slices.peek();
    // Answers that were gathered before go first, when both do not fit into one write.
    if (next !== undefined && !out.fits(encoder.octets(next.message))) out.flush();
    const mark = out.mark();
    const batch = takeWhatFits();
    if (batch.parts.length === 0) {
      commit(batch);
      return batch.taken > 0;
    }
    const givenUp = forbidden(batch);
    if (givenUp.size > 0) {
      out.rollBack(mark);
      slices.putBack(batch.taken);
      slices.giveUp(givenUp);
      return true;
    }
    commit(batch);
    out.flush();
    return true;
  };

  return {
    write: () => {
      while (writeOnce());
    },
  };
}
