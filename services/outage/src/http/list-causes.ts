import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { causeCodes, causes } from '../domain/causes.ts';

const causeSchema = z
  .strictObject({
    code: z.enum(causeCodes),
    cim: z.string().nullable().meta({ description: 'OutageCauseKind of IEC CIM100 where it has one' }),
    defaultDurationMinutes: z.int(),
  })
  .meta({ id: 'Cause' });

/** GET /v1/causes: the causes that an outage may have. */
export function listCausesEndpoint(): Endpoint {
  const items = causeCodes.map((code) => {
    const { cim, defaultDurationMinutes } = causes[code];
    return { code, cim, defaultDurationMinutes };
  });
  return endpoint({
    method: 'get',
    path: '/v1/causes',
    operationId: 'listCauses',
    summary: 'Causes with their usual durations',
    description:
      'A code of a cause goes into a request; its words, in Hindi and English, are at GET /v1/causes of the notifier.',
    responses: { 200: { description: 'All causes', body: z.strictObject({ items: z.array(causeSchema) }) } },
    handle: () => ({ status: 200, body: { items } }),
  });
}
