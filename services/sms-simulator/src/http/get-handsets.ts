import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { handsetsPage } from './handsets-page.ts';
import type { RoutesInput } from './routes.ts';

/** No scripts, nothing from elsewhere, in nobody's frame. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const query = z.strictObject({
  // What a person types: looked for in the number, never refused.
  to: z.string().max(40).optional().meta({ description: 'Digits of the number' }),
});

/** This function will make the page with the handsets. */
export function getHandsets({ account, connections }: RoutesInput): Endpoint {
  return endpoint({
    method: 'get',
    path: '/',
    operationId: 'getHandsetsPage',
    summary: 'Handsets with their messages, for people',
    description: 'A page of HTML that works without scripts.',
    query,
    responses: { 200: { description: 'The page', contentType: 'text/html' } },
    handle: ({ query: { to = '' } }) => ({
      status: 200,
      contentType: 'text/html; charset=utf-8',
      headers: { 'content-security-policy': CONTENT_SECURITY_POLICY },
      body: handsetsPage({
        messages: account.store.newestFirst(),
        searched: to.replaceAll(/\D/g, '').slice(-10),
        counters: account.counters,
        isConnected: connections() > 0,
        now: new Date(),
      }),
    }),
  });
}
