import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Endpoint, endpoint } from '@bijli/service';

const require = createRequire(import.meta.url);

/** Makes the endpoint that serves Noto Sans Devanagari, so that Hindi is readable on every machine. */
export function getFontEndpoint(): Endpoint {
  let font: Buffer | undefined;
  return endpoint({
    method: 'get',
    path: '/devanagari.woff2',
    operationId: 'getFont',
    summary: 'Font of the page',
    description: 'Noto Sans Devanagari, so that Hindi is readable on every machine.',
    responses: { 200: { description: 'The font', contentType: 'font/woff2' } },
    handle: () => {
      font ??= readFileSync(
        require.resolve('@fontsource/noto-sans-devanagari/files/noto-sans-devanagari-devanagari-400-normal.woff2'),
      );
      return { status: 200, contentType: 'font/woff2', headers: { 'cache-control': 'max-age=86400' }, body: font };
    },
  });
}
