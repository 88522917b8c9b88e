import { join } from 'node:path';
import { openBoundedFile } from '@bijli/service/bounded-file';
import { serveJson } from '@bijli/service/serve-json';
import { type OtlpExport, spanLines } from './span-line.ts';

const maxBodyBytes = 16_000_000;
const maxFileBytes = 200_000_000;

const file = openBoundedFile(join(String(process.env['TRACES_FOLDER']), 'spans.jsonl'), maxFileBytes);

serveJson(
  { port: Number(process.env['PORT']), contentType: 'application/json', maxBodyBytes },
  ({ method, path, body }) => {
    if (method === 'GET' && path === '/readyz') return { status: 200, body: { ok: true } };
    if (method !== 'POST' || path !== '/v1/traces')
      return { status: 404, body: { message: 'Spans go to POST /v1/traces.' } };
    const spans = readExport(body);
    if (!spans) return { status: 400, body: { message: 'The body is no OTLP/HTTP JSON export of spans.' } };
    if (spans.length > 0) file.append(spans.map((span) => `${JSON.stringify(span)}\n`).join(''));
    return { status: 200, body: { partialSuccess: {} } };
  },
);

function readExport(body: string) {
  try {
    return spanLines(JSON.parse(body) as OtlpExport);
  } catch {
    return undefined;
  }
}
