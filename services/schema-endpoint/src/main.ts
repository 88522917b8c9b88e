import { publishedSchemas } from '@bijli/events';
import { serveJson } from '@bijli/service/serve-json';
import { answer } from './answer.ts';

const maxBodyBytes = 1_000_000;

const published = publishedSchemas();
serveJson(
  {
    host: process.env['HOST'],
    port: Number(process.env['PORT']),
    contentType: 'application/vnd.schemaregistry.v1+json',
    maxBodyBytes,
  },
  (request) => answer(published, request),
);
