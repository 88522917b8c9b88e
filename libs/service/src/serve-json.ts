import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a small server for development answers. */
export type JsonAnswer = { readonly status: number; readonly body: unknown };

/** Where and what to serve. */
export type ServeOptions = {
  readonly host?: string | undefined;
  readonly port: number;
  readonly contentType: string;
  readonly maxBodyBytes: number;
};

/** One request, its body read whole. */
export type JsonRequest = { readonly method: string; readonly path: string; readonly body: string };

/**
 * Serves JSON until SIGTERM, for the small programs beside the services, without what a service has.
 * @param host where it listens: loopback unless told otherwise.
 * @param maxBodyBytes larger bodies are answered 413.
 */
export function serveJson(
  { host = '127.0.0.1', port, contentType, maxBodyBytes }: ServeOptions,
  answer: (request: JsonRequest) => JsonAnswer,
): void {
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await readBody(request, maxBodyBytes).then(
      (text) =>
        text === undefined
          ? { status: 413, body: { message: 'The body is too large.' } }
          : answer(jsonRequest(request, text)),
      () => ({ status: 400, body: { message: 'The request ended before its body.' } }),
    );
    response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(body));
  }
  server.listen(port, host);
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}

function jsonRequest(request: IncomingMessage, body: string): JsonRequest {
  return { method: request.method ?? 'GET', path: new URL(request.url ?? '/', 'http://localhost').pathname, body };
}

/** Answers undefined for a body that is too large. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece); // the rest is read and forgotten, so that the client hears the answer
  }
  return bytes <= maxBytes ? Buffer.concat(pieces).toString('utf8') : undefined;
}
