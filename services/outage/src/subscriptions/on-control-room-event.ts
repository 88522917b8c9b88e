import { type ControlRoomEvent, PoisonMessageError } from '@bijli/events';
import type { Heard, ReturnedEvent } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { activeTraceparent, currentTraceId, withSpan } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { type MeantCommand, meaningOf } from '../domain/control-room-event.ts';
import type { FieldRefusal } from '../domain/control-room-fields.ts';
import { detailOf, refusalOf } from '../domain/control-room-refusal.ts';
import { refuse } from '../domain/decision.ts';
import { changeOutage } from '../flows/change-outage.ts';
import { openOutage } from '../flows/open-outage.ts';
import type { Moment, Saved } from '../flows/save-decision.ts';
import { findControlRoomOutage } from '../store/find-control-room-outage.ts';
import { findNodesOfOutages } from '../store/find-nodes-of-outages.ts';
import { lockSubstations } from '../store/lock-substations.ts';
import { noteControlRoomEvent } from '../store/note-control-room-event.ts';

/** What hearing the control room needs; a test passes its own clock. How long what a machine reports is held down, 0 not at all. */
export type OnControlRoomEventInput = { readonly clock: () => Date; readonly holdDownMs: number };

/**
 * Makes the handler that takes the control room's events, one after the other, as the commands that a request would be, and gives back
 * those that changed nothing. One that is refused fails its batch, which is then halved until it is alone.
 */
export function onControlRoomEvent({ clock, holdDownMs }: OnControlRoomEventInput) {
  return async (tx: Transaction, heard: readonly Heard<ControlRoomEvent>[]): Promise<ReturnedEvent[]> => {
    await lockAll(tx, heard);
    const unchanged: ReturnedEvent[] = [];
    for (const { event, context: parent } of heard) {
      const attributes = { 'bijli.event.type': event.type };
      const isChanged = await withSpan('take control room event', { parent, attributes }, () =>
        takeEvent(tx, event, holdDownMs, { now: clock(), traceId: currentTraceId() }),
      );
      if (!isChanged) unchanged.push({ eventId: event.eventId, isUnchanged: true });
    }
    return unchanged;
  };
}

/** All at once and in order: two batches that took them event by event could wait for each other. */
async function lockAll(tx: Transaction, heard: readonly Heard<ControlRoomEvent>[]): Promise<void> {
  const sourceIds = heard.map(({ event }) => event.aggregateId);
  const nodesBefore = await findNodesOfOutages(tx, { outageIds: [], sourceIds });
  await lockSubstations(tx, [...nodesBefore, ...heard.flatMap(({ event }) => event.nodeIds)]);
}

/** Resolves with whether anything is different now. */
async function takeEvent(
  tx: Transaction,
  event: ControlRoomEvent,
  holdDownMs: number,
  moment: Moment,
): Promise<boolean> {
  const { eventId, aggregateId: sourceId, type } = event;
  const meaning = meaningOf(event, { outageId: newId(), eventId: newId() });
  if ('refusal' in meaning) throw refused(meaning.refusal);
  const isHeldDown = !event.isConfirmed && holdDownMs > 0;
  const wait = { reason: 'hold-down', ms: holdDownMs, traceparent: activeTraceparent() } as const;
  const command = isHeldDown ? { ...meaning.command, wait } : meaning.command;
  const known = await findControlRoomOutage(tx, sourceId);
  const { decision, isChanged } = await carryOut(tx, command, known, moment);
  if (!decision.accepted) throw refused(refusalOf(decision));
  const outageId = decision.state.id;
  const heard = { eventId, sourceId, outageId, type, isUnchanged: !isChanged };
  await noteControlRoomEvent(tx, { ...heard, takenAt: moment.now, traceId: moment.traceId });
  return isChanged;
}

/** `known` is the outage of ours that the control room's id means already. */
async function carryOut(tx: Transaction, command: MeantCommand, known: string | null, moment: Moment): Promise<Saved> {
  if ('outageId' in command) return await openOutage(tx, command, moment, known);
  if (known === null) return { decision: refuse('no-such-outage'), isChanged: false };
  return await changeOutage(tx, known, command, moment);
}

function refused(refusal: FieldRefusal): PoisonMessageError {
  return new PoisonMessageError('refused', detailOf(refusal));
}
