import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { readPduLog } from '../log/read-pdu-log.ts';
import type { HttpContext } from './context.ts';

const PAGE_OCTETS = 4_000_000;
const MOST_OCTETS = 16_000_000;
/** A line with the largest PDU (16,384 octets in hex) is shorter. */
const LEAST_OCTETS = 65_536;
const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'Write a whole number')
  .transform(Number);

const query = z.strictObject({
  after: wholeNumber
    .meta({ type: 'integer', minimum: 0, default: 0, description: 'next-after of the answer before' })
    .default(0),
  octets: wholeNumber
    .refine((octets) => octets >= LEAST_OCTETS && octets <= MOST_OCTETS, {
      error: `From ${LEAST_OCTETS} to ${MOST_OCTETS}`,
      params: { rule: 'range' },
    })
    .meta({
      type: 'integer',
      minimum: LEAST_OCTETS,
      maximum: MOST_OCTETS,
      default: PAGE_OCTETS,
      description: 'Most octets of the answer',
    })
    .default(PAGE_OCTETS),
});

/** With its charset: the type ends in "json" otherwise, and a body of that is written as JSON once more. */
const NEWLINE_DELIMITED_JSON = 'application/x-ndjson; charset=utf-8';

/** Makes the endpoint that gives the log of PDUs away, page by page. */
export function getPdusEndpoint({ pduLogPath }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/pdus',
    operationId: 'listPdus',
    summary: 'The log of every PDU, one JSON object a line; go on with next-after until an answer is empty',
    description: 'Numbers and texts as they went over the wire; the log of a development program.',
    query,
    responses: {
      200: {
        description: 'Whole lines',
        contentType: 'application/x-ndjson',
        headers: z.object({ 'next-after': z.string().meta({ description: '`after` of the next request' }) }),
      },
    },
    handle: async ({ query: { after, octets } }) => {
      const { lines, next } = await readPduLog(pduLogPath, { after, limit: octets });
      return { status: 200, contentType: NEWLINE_DELIMITED_JSON, headers: { 'next-after': String(next) }, body: lines };
    },
  });
}
