import type { Endpoint } from '@bijli/service';
import { announceApprovedWorkEndpoint } from './announce-approved-work.ts';
import { announcePlannedOutageEndpoint } from './announce-planned-outage.ts';
import { approvePlannedWorkEndpoint } from './approve-planned-work.ts';
import { cancelPlannedWorkEndpoint } from './cancel-planned-work.ts';
import { changeRestorationEstimateEndpoint } from './change-restoration-estimate.ts';
import { confirmOutageEndpoint } from './confirm-outage.ts';
import type { HttpContext } from './context.ts';
import { draftPlannedWorkEndpoint } from './draft-planned-work.ts';
import { getControlRoomEventEndpoint } from './get-control-room-event.ts';
import { getOutageEndpoint } from './get-outage.ts';
import { listCausesEndpoint } from './list-causes.ts';
import { listControlRoomEventsEndpoint } from './list-control-room-events.ts';
import { listOutagesEndpoint } from './list-outages.ts';
import { reopenOutageEndpoint } from './reopen-outage.ts';
import { reportOutageEndpoint } from './report-outage.ts';
import { reschedulePlannedWorkEndpoint } from './reschedule-planned-work.ts';
import { restoreSupplyEndpoint } from './restore-supply.ts';
import { startPlannedWorkEndpoint } from './start-planned-work.ts';
import { undoChangeEndpoint } from './undo-change.ts';

/** Lists the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    announcePlannedOutageEndpoint(context),
    draftPlannedWorkEndpoint(context),
    approvePlannedWorkEndpoint(context),
    announceApprovedWorkEndpoint(context),
    reschedulePlannedWorkEndpoint(context),
    startPlannedWorkEndpoint(context),
    cancelPlannedWorkEndpoint(context),
    undoChangeEndpoint(context),
    reportOutageEndpoint(context),
    changeRestorationEstimateEndpoint(context),
    restoreSupplyEndpoint(context),
    reopenOutageEndpoint(context),
    confirmOutageEndpoint(context),
    getOutageEndpoint(context),
    listOutagesEndpoint(context),
    listControlRoomEventsEndpoint(context),
    getControlRoomEventEndpoint(context),
    listCausesEndpoint(),
  ];
}
