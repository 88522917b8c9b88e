import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { handsetsPage, MOST_TYPED } from './handsets-page.ts';

/** One script of its own, nothing from elsewhere, in nobody's frame. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const query = z.strictObject({
  // What a person types: looked for in the number, never refused.
  to: z.string().max(MOST_TYPED).optional().meta({ description: 'Digits of the number, in any script' }),
});

/** Makes the endpoint of the page with the handsets. */
export function getHandsetsEndpoint({ account, connections }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/',
    operationId: 'getHandsetsPage',
    summary: 'Handsets with their messages, for people',
    description: 'A page of HTML that works without scripts; with them it fetches itself anew.',
    query,
    responses: { 200: { description: 'The page', contentType: 'text/html' } },
    handle: ({ query: { to = '' } }) => ({
      status: 200,
      contentType: 'text/html; charset=utf-8',
      headers: { 'content-security-policy': CONTENT_SECURITY_POLICY },
      body: handsetsPage({
        messages: account.store.newestFirst(),
        typed: to.trim(),
        counters: account.counters,
        isConnected: connections() > 0,
        now: new Date(),
      }),
    }),
  });
}
