import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { kinds, serviceStandards } from '../domain/service-standards.ts';
import { kind } from './request-schemas.ts';

const standardSchema = z
  .strictObject({
    kind,
    hours: z.strictObject({ town: z.int(), village: z.int() }),
    source: z.string().meta({ description: 'Who gives so long' }),
  })
  .meta({ id: 'ServiceStandard' });

/** GET /v1/complaint-kinds: what a complaint may be about, and how long the service standard gives. */
export function listKindsEndpoint(): Endpoint {
  const items = kinds.map((each) => {
    const { town, village, source } = serviceStandards[each];
    return { kind: each, hours: { town, village }, source };
  });
  return endpoint({
    method: 'get',
    path: '/v1/complaint-kinds',
    operationId: 'listComplaintKinds',
    summary: 'Kinds of complaints with their service-standard clocks',
    description: 'With the hours that the service standard gives in a town and in a village, and its source.',
    responses: { 200: { description: 'All kinds', body: z.strictObject({ items: z.array(standardSchema) }) } },
    handle: () => ({ status: 200, body: { items } }),
  });
}
