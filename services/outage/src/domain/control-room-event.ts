import type { ControlRoomEvent } from '@bijli/events';
import type { Cause } from './causes.ts';
import type { Alone, AnnouncePlannedWork, ChangingCommand, ReportOutage } from './commands.ts';
import { type FieldRefusal, fieldRefused } from './control-room-fields.ts';

/** The command that an event of the control room means. */
export type MeantCommand = Alone<AnnouncePlannedWork | ReportOutage | ChangingCommand>;
/** What an event means, or why it means nothing. */
export type Meaning = { readonly command: MeantCommand } | { readonly refusal: FieldRefusal };
/** Ids for what the event may make. */
export type NewIds = { readonly outageId: string; readonly eventId: string };

/**
 * Says which command an event of the control room means: the same that a request over HTTP would. Refused are events of
 * an unknown type, with a field too many or too few for their type, or with a value that no request may have.
 */
export function meaningOf(event: ControlRoomEvent, ids: NewIds): Meaning {
  const refusal = fieldRefused(event);
  return refusal === null ? { command: commandOf(event, ids) } : { refusal };
}

/** Of an event whose fields are there: the rules of the fields are what the type assertions rest on. */
function commandOf(event: ControlRoomEvent, { outageId, eventId }: NewIds): MeantCommand {
  const { startsAt, estimatedRestorationAt, restoredAt, occurredAt: saidAt } = event;
  const named = { nodeIds: event.nodeIds, exceptNodeIds: event.exceptNodeIds };
  const opening = { outageId, eventId, saidAt, ...named, cause: event.cause as Cause };
  const change = { eventId, saidAt, basedOn: null };
  const until = estimatedRestorationAt as Date;
  const estimateSource = event.estimateSource ?? 'control-room';
  switch (event.type) {
    case 'PlannedOutageAnnounced':
      return { type: 'announce-planned-work', ...opening, startsAt: startsAt as Date, endsAt: until, estimateSource };
    case 'OutageReported':
      return { type: 'report-outage', ...opening, startedAt: startsAt, estimatedRestorationAt, estimateSource };
    case 'RestorationEstimateChanged':
      return { type: 'change-restoration-estimate', ...change, estimatedRestorationAt: until, estimateSource };
    case 'SupplyRestored':
      return { type: 'restore-supply', ...change, restoredAt };
    case 'PlannedWorkStarted':
      return { type: 'start-planned-work', ...change, startedAt: startsAt };
    case 'PlannedWorkExtended':
      return { type: 'extend-planned-work', ...change, endsAt: until, estimateSource };
    case 'PlannedWorkRescheduled':
      return { type: 'reschedule-planned-work', ...change, startsAt, endsAt: estimatedRestorationAt, estimateSource };
    case 'PlannedWorkCancelled':
      return { type: 'cancel-planned-work', ...change };
    case 'SupplyPartlyRestored':
      return { type: 'restore-nodes', ...change, ...named, restoredAt };
    case 'OutageReopened': {
      const cause = event.cause as Cause | null;
      const estimate = { estimatedRestorationAt, estimateSource };
      return { type: 'reopen-outage', ...change, ...named, ...estimate, startedAt: startsAt, cause };
    }
  }
}
