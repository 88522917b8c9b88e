import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';

/** An answer. `body` is JSON unless `contentType` says otherwise: then a string or Buffer, sent as it is, or pieces of text, sent as they come. */
export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
};

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Schema = z.ZodType | undefined;

/** What a handler gets: everything parsed and checked; `signal` aborts when the caller goes away. */
export type Asked<P = unknown, Q = unknown, B = unknown, H = unknown> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: H;
  /** The bare request: the body as a stream where the endpoint has `rawBody`. */
  readonly request: IncomingMessage;
  readonly signal: AbortSignal;
};

/** What an endpoint may answer, for the OpenAPI document. From 400 on it is a problem; those that every endpoint has are added by themselves. */
export type Responses = Readonly<
  Record<
    number,
    {
      readonly description: string;
      readonly body?: z.ZodType;
      readonly contentType?: string;
      readonly headers?: z.ZodObject;
    }
  >
>;

/** A request that works: its body, and values of parameters in its path. */
export type Examples = { readonly body?: unknown; readonly params?: Readonly<Record<string, string>> };

type Described = {
  readonly method: Method;
  /** With parameters in braces: `/v1/outages/{id}`. */
  readonly path: string;
  /** Name of the method in a generated client: `reportOutage`. No other endpoint of the service has it. */
  readonly operationId: string;
  readonly summary: string;
  /** What one must know to use it, in whole sentences (CommonMark); `npm run check` asks for it. */
  readonly description?: string;
  readonly responses: Responses;
  /** What the demonstration town takes as it is, made for the moment at which the document is read. */
  readonly examples?: (now: Date) => Examples;
  /** Largest JSON body in bytes, where it is not the usual one of 100,000. */
  readonly maxBodyBytes?: number;
  /** The handler reads the request stream itself; `rawBody` names the media type it takes, for example `text/csv`. */
  readonly rawBody?: string;
};

export type EndpointSpec<P extends Schema, Q extends Schema, B extends Schema, H extends Schema> = Described & {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Only the headers named here are looked at; names in lower case. */
  readonly headers?: H;
  readonly handle: (asked: Asked<Output<P>, Output<Q>, Output<B>, Output<H>>) => Promise<Reply> | Reply;
};

/** An endpoint as a value; `httpComponent` serves it and writes it into the OpenAPI document. */
export type Endpoint = Described & {
  readonly schemas: {
    readonly params: Schema;
    readonly query: Schema;
    readonly body: Schema;
    readonly headers: Schema;
  };
  readonly handle: (asked: Asked) => Promise<Reply>;
};

/**
 * Describes one endpoint. Objects of `query` and `body` must be strict (`z.strictObject`): unknown
 * fields are refused, and `httpComponent` does not start with one that lets them pass.
 */
export function endpoint<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  H extends Schema = undefined,
>(spec: EndpointSpec<P, Q, B, H>): Endpoint {
  const { params, query, body, headers, handle, ...described } = spec;
  return {
    ...described,
    schemas: { params, query, body, headers },
    // The dispatcher parsed each part with exactly these schemas.
    handle: async (asked) => handle(asked as Asked<Output<P>, Output<Q>, Output<B>, Output<H>>),
  };
}
