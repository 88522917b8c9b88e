import type { Endpoint } from '@bijli/service';
import { postBillEndpoint, postCancellationEndpoint } from './bills.ts';
import type { HttpContext } from './context.ts';
import { getAccountEndpoint } from './get-account.ts';
import { listAccountEntriesEndpoint } from './list-account-entries.ts';
import { listEntriesEndpoint } from './list-entries.ts';
import { listUnchangedEventsEndpoint } from './list-unchanged-events.ts';
import { listWaitingEventsEndpoint } from './list-waiting-events.ts';
import { postPaymentEndpoint, postReversalEndpoint } from './payments.ts';
import { postAccountEventsEndpoint } from './post-account-events.ts';

/** Lists the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    postBillEndpoint(context),
    postPaymentEndpoint(context),
    postReversalEndpoint(context),
    postCancellationEndpoint(context),
    postAccountEventsEndpoint(context),
    getAccountEndpoint(context),
    listAccountEntriesEndpoint(context),
    listEntriesEndpoint(context),
    listWaitingEventsEndpoint(context),
    listUnchangedEventsEndpoint(context),
  ];
}
