export type Answered = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answered>;

/** Asks a service; a body that is text or bytes goes as it is. */
export async function askAt(port: number, ...[method, path, body, headers = {}]: Parameters<Ask>): Promise<Answered> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** What a problem says is wrong: `/body/kind choice`. */
export function rules({ body }: Pick<Answered, 'body'>): string[] {
  return ((body['errors'] ?? []) as { field: string; rule: string }[]).map(({ field, rule }) => `${field} ${rule}`);
}
