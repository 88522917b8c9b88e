import type { Endpoint } from '@bijli/service';
import { announcePlannedOutageEndpoint } from './announce-planned-outage.ts';
import { changeRestorationEstimateEndpoint } from './change-restoration-estimate.ts';
import type { HttpContext } from './context.ts';
import { getControlRoomEventEndpoint } from './get-control-room-event.ts';
import { getOutageEndpoint } from './get-outage.ts';
import { listCausesEndpoint } from './list-causes.ts';
import { listControlRoomEventsEndpoint } from './list-control-room-events.ts';
import { listOutagesEndpoint } from './list-outages.ts';
import { reportOutageEndpoint } from './report-outage.ts';
import { restoreSupplyEndpoint } from './restore-supply.ts';

/** Lists the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    announcePlannedOutageEndpoint(context),
    reportOutageEndpoint(context),
    changeRestorationEstimateEndpoint(context),
    restoreSupplyEndpoint(context),
    getOutageEndpoint(context),
    listOutagesEndpoint(context),
    listControlRoomEventsEndpoint(context),
    getControlRoomEventEndpoint(context),
    listCausesEndpoint(),
  ];
}
