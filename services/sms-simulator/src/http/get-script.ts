import { type Endpoint, endpoint } from '@bijli/service';
import { handsetsScript } from './handsets-script.ts';

/** Makes the endpoint that serves the script of the page. */
export function getScriptEndpoint(): Endpoint {
  return endpoint({
    method: 'get',
    path: '/handsets.js',
    operationId: 'getScript',
    summary: 'Script of the page',
    description: 'Fetches the page anew without touching the field in which a person types.',
    responses: { 200: { description: 'The script', contentType: 'text/javascript' } },
    handle: () => ({
      status: 200,
      contentType: 'text/javascript; charset=utf-8',
      headers: { 'cache-control': 'max-age=3600' },
      body: handsetsScript,
    }),
  });
}
