import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';

const count = z.int();
const stats = z.object({
  connections: count.meta({ description: 'Open now' }),
  messagesShown: count,
  receiptsWaiting: count.meta({ description: 'For their time, for a connection or for another try' }),
  pdus: count,
  counters: z.record(z.string(), count).meta({ description: 'Since the start' }),
});

/** Makes the endpoint with the counts of the SMSC. */
export function getStatsEndpoint({ account, connections }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/stats',
    operationId: 'getStats',
    summary: 'Counts since the start',
    description: 'Connections, messages, receipts that wait, and what was counted.',
    responses: { 200: { description: 'The counts', body: stats } },
    handle: () => {
      const { store, receipts, pduLog, counters } = account;
      return {
        status: 200,
        body: {
          connections: connections(),
          messagesShown: store.size(),
          receiptsWaiting: receipts.waiting(),
          pdus: pduLog.count(),
          counters,
        },
      };
    },
  });
}
