import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';

const template = z.strictObject({
  key: z.string(),
  dltTemplateId: z.string(),
  language: z.enum(['hi', 'en']),
  text: z.string(),
  parts: z.int(),
});

/** Makes GET /v1/templates: every approved text, as it was registered. */
export function listTemplatesEndpoint({ catalogue }: Pick<HttpContext, 'catalogue'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/templates',
    operationId: 'listTemplates',
    summary: 'The approved texts',
    description: 'The words that are registered with the carriers (DLT), with their ids.',
    responses: { 200: { description: 'Templates', body: z.strictObject({ templates: z.array(template) }) } },
    handle: () => ({ status: 200, body: { templates: catalogue.all() } }),
  });
}
