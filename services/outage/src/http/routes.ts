import type { Endpoint } from '@bijli/service';
import { announcePlannedOutage } from './announce-planned-outage.ts';
import { changeRestorationEstimate } from './change-restoration-estimate.ts';
import type { HttpContext } from './context.ts';
import { getControlRoomEventEndpoint } from './get-control-room-event.ts';
import { getOutageEndpoint } from './get-outage.ts';
import { listCauses } from './list-causes.ts';
import { listControlRoomEventsEndpoint } from './list-control-room-events.ts';
import { listOutagesEndpoint } from './list-outages.ts';
import { reportOutage } from './report-outage.ts';
import { restoreSupply } from './restore-supply.ts';

/** This function will list the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    announcePlannedOutage(context),
    reportOutage(context),
    changeRestorationEstimate(context),
    restoreSupply(context),
    getOutageEndpoint(context),
    listOutagesEndpoint(context),
    listControlRoomEventsEndpoint(context),
    getControlRoomEventEndpoint(context),
    listCauses(),
  ];
}
