import type { Endpoint } from '@bijli/service';
import type { HttpContext } from './context.ts';
import { askRunEndpoint } from './ask-run.ts';
import { confirmRunEndpoint } from './confirm-run.ts';
import { getAudienceEndpoint } from './get-audience.ts';
import { getRunEndpoint } from './get-run.ts';
import { listCausesEndpoint } from './list-causes.ts';
import { listMessagesEndpoint } from './list-messages.ts';
import { listRunsEndpoint } from './list-runs.ts';
import { listTemplatesEndpoint } from './list-templates.ts';
import { getSendingEndpoint, putSendingEndpoint } from './sending.ts';

/** Lists every endpoint of the notifier. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    getRunEndpoint(context),
    listRunsEndpoint(context),
    askRunEndpoint(context, 'release'),
    confirmRunEndpoint(context, 'release'),
    askRunEndpoint(context, 'recall'),
    confirmRunEndpoint(context, 'recall'),
    listMessagesEndpoint(context),
    getSendingEndpoint(context),
    putSendingEndpoint(context),
    getAudienceEndpoint(context),
    listTemplatesEndpoint(context),
    listCausesEndpoint(context),
  ];
}
