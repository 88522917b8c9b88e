import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { causeCodes, causes } from '../domain/causes.ts';

const causeSchema = z
  .strictObject({
    code: z.enum(causeCodes),
    labels: z.strictObject({ hi: z.string(), en: z.string() }),
    cim: z.string().nullable().meta({ description: 'OutageCauseKind of IEC CIM100 where it has one' }),
    defaultDurationMinutes: z.int(),
  })
  .meta({ id: 'Cause' });

/** GET /v1/causes: the causes that an outage may have. */
export function listCauses(): Endpoint {
  const items = causeCodes.map((code) => {
    const { hi, en, cim, defaultDurationMinutes } = causes[code];
    return { code, labels: { hi, en }, cim, defaultDurationMinutes };
  });
  return endpoint({
    method: 'get',
    path: '/v1/causes',
    summary: 'Causes with their labels and usual durations',
    responses: { 200: { description: 'All causes', body: z.strictObject({ items: z.array(causeSchema) }) } },
    handle: () => ({ status: 200, body: { items } }),
  });
}
