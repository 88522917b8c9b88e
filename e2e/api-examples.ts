import { call } from './started-system.ts';

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { example?: unknown };
};
type Operation = {
  readonly operationId: string;
  readonly parameters?: Parameter[];
  readonly requestBody?: { content: Record<string, { example?: unknown }> };
};
type Document = { readonly paths: Record<string, Record<string, Operation>> };

/** What came of a request that was sent as the API page offers it. */
export type Tried = { readonly operation: string; readonly status: number };

/**
 * Presses "Try it out" and "Execute" at every operation of a service: examples are sent as they are, and what is not filled in is not sent.
 * Operations that ask for something which nobody can know beforehand, an id or a file, are passed over.
 */
export async function tryExamples(service: string): Promise<Tried[]> {
  const { paths } = await call<Document>('GET', `${service}/openapi.json`);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tried: Tried[] = [];
  for (const { path, method, operation } of operations) {
    const { parameters = [], requestBody, operationId } = operation;
    const body = requestBody?.content['application/json']?.example;
    const isFilled = parameters.every(({ required, schema }) => required !== true || schema.example !== undefined);
    if (!isFilled || (requestBody !== undefined && body === undefined)) continue;
    const response = await fetch(`${service}${filled(path, parameters)}`, {
      method: method.toUpperCase(),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    tried.push({ operation: operationId, status: response.status });
  }
  return tried;
}

function filled(path: string, parameters: readonly Parameter[]): string {
  return parameters.reduce(
    (text, { name, schema }) => text.replace(`{${name}}`, encodeURIComponent(String(schema.example))),
    path,
  );
}
