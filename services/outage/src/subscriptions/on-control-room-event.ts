import { type ControlRoomEvent, PoisonMessageError } from '@bijli/events';
import type { Heard, ReturnedEvent } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { currentTraceId, withSpan } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { type FieldRefusal, type MeantCommand, meaningOf } from '../domain/control-room-event.ts';
import { detailOf, refusalOf } from '../domain/control-room-refusal.ts';
import { changeOutage } from '../flows/change-outage.ts';
import { type Moment, openOutage } from '../flows/open-outage.ts';
import { findControlRoomOutage } from '../store/find-control-room-outage.ts';
import { noteControlRoomEvent } from '../store/note-control-room-event.ts';

/** What hearing the control room needs; a test passes its own clock. */
export type OnControlRoomEventInput = { readonly clock: () => Date };

/**
 * Makes the handler that takes the control room's events, one after the other, as the commands that a request would be, and gives back
 * those that changed nothing. One that is refused fails its batch, which is then halved until it is alone.
 */
export function onControlRoomEvent({ clock }: OnControlRoomEventInput) {
  return async (tx: Transaction, heard: readonly Heard<ControlRoomEvent>[]): Promise<ReturnedEvent[]> => {
    const unchanged: ReturnedEvent[] = [];
    for (const { event, context: parent } of heard) {
      const attributes = { 'bijli.event.type': event.type };
      const isChanged = await withSpan('take control room event', { parent, attributes }, () =>
        takeEvent(tx, event, { now: clock(), traceId: currentTraceId() }),
      );
      if (!isChanged) unchanged.push({ eventId: event.eventId, isUnchanged: true });
    }
    return unchanged;
  };
}

/** Resolves with whether anything is different now. */
async function takeEvent(tx: Transaction, event: ControlRoomEvent, moment: Moment): Promise<boolean> {
  const { eventId, aggregateId: sourceId, type } = event;
  const meaning = meaningOf(event, { outageId: newId(), eventId: newId() });
  if ('refusal' in meaning) throw refused(meaning.refusal);
  const { outageId, isChanged } = await carryOut(
    tx,
    meaning.command,
    await findControlRoomOutage(tx, sourceId),
    moment,
  );
  const heard = { eventId, sourceId, outageId, type, isUnchanged: !isChanged };
  await noteControlRoomEvent(tx, { ...heard, takenAt: moment.now, traceId: moment.traceId });
  return isChanged;
}

type CarriedOut = { readonly outageId: string; readonly isChanged: boolean };

/** Resolves with our id of the outage; `known` is the one that the control room's id means already. */
async function carryOut(
  tx: Transaction,
  command: MeantCommand,
  known: string | null,
  moment: Moment,
): Promise<CarriedOut> {
  if ('outageId' in command) {
    if (known !== null) throw refused(refusalOf('already-exists'));
    const { decision, surroundings } = await openOutage(tx, command, moment);
    if (!decision.accepted) throw refused(refusalOf(decision.code, surroundings));
    return { outageId: command.outageId, isChanged: true };
  }
  if (known === null) throw refused(refusalOf('no-such-outage'));
  const decision = await changeOutage(tx, known, command, moment);
  if (!decision.accepted) throw refused(refusalOf(decision.code));
  return { outageId: known, isChanged: decision.events.length > 0 };
}

function refused(refusal: FieldRefusal): PoisonMessageError {
  return new PoisonMessageError('refused', detailOf(refusal));
}
