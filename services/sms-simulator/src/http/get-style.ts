import { type Endpoint, endpoint } from '@bijli/service';
import { handsetsStyle } from './handsets-style.ts';

/** Makes the endpoint that serves the style of the page. */
export function getStyleEndpoint(): Endpoint {
  return endpoint({
    method: 'get',
    path: '/handsets.css',
    operationId: 'getStyle',
    summary: 'Style of the page',
    description: 'The style sheet of the page with the handsets.',
    responses: { 200: { description: 'The style', contentType: 'text/css' } },
    handle: () => ({
      status: 200,
      contentType: 'text/css; charset=utf-8',
      headers: { 'cache-control': 'max-age=3600' },
      body: handsetsStyle,
    }),
  });
}
