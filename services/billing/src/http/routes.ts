import type { Endpoint } from '@bijli/service';
import type { HttpContext } from './context.ts';
import { getAccountEndpoint } from './get-account.ts';
import { listAccountEntries } from './list-account-entries.ts';
import { listEntries } from './list-entries.ts';
import { listUnchangedEventsEndpoint } from './list-unchanged-events.ts';
import { listWaitingEventsEndpoint } from './list-waiting-events.ts';
import { postAccountEvents } from './post-account-events.ts';
import { postBill } from './post-bill.ts';
import { postCancellation } from './post-cancellation.ts';
import { postPayment } from './post-payment.ts';
import { postReversal } from './post-reversal.ts';

/** This function will list the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    postBill(context),
    postPayment(context),
    postReversal(context),
    postCancellation(context),
    postAccountEvents(context),
    getAccountEndpoint(context),
    listAccountEntries(context),
    listEntries(context),
    listWaitingEventsEndpoint(context),
    listUnchangedEventsEndpoint(context),
  ];
}
