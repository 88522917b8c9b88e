import type { ErrorHook, ParseOptions, Resolver, ResolverOptions, Tap, Type } from 'avro-js';
import { boundedAvro as avro } from './bounded-avro.ts';

const NULL_INDEX = 0;
const VALUE_INDEX = 1;

/**
 * The union `["null", T]` as `T | null`. avro-js wraps every union value (`{ string: 'x' }`); reading and writing it
 * bare saves a second pass over every event.
 */
class NullableType extends avro.types.Type {
  readonly inner: Type;

  constructor(inner: Type) {
    super();
    this.inner = inner;
  }

  override _read(tap: Tap): unknown {
    return readsValue(tap) ? this.inner._read(tap) : null;
  }

  override _skip(tap: Tap): void {
    if (readsValue(tap)) this.inner._skip(tap);
  }

  override _write(tap: Tap, value: unknown): void {
    tap.writeLong(value === null ? NULL_INDEX : VALUE_INDEX);
    if (value !== null) this.inner._write(tap, value);
  }

  override _check(value: unknown, hook?: ErrorHook): boolean {
    return value === null || this.inner._check(value, hook);
  }

  override _copy(value: unknown, options?: object): unknown {
    return value === null ? null : this.inner._copy(value, options);
  }

  override _updateResolver(resolver: Resolver, writer: Type, options?: ResolverOptions): void {
    const nullable = writer instanceof NullableType;
    const inner = this.inner.createResolver(nullable ? writer.inner : writer, options);
    const readInner = (tap: Tap): unknown => inner._read?.(tap);
    resolver._read = nullable ? (tap) => (readsValue(tap) ? readInner(tap) : null) : readInner;
  }
}

function readsValue(tap: Tap): boolean {
  const index = tap.readLong();
  if (index !== NULL_INDEX && index !== VALUE_INDEX) throw new Error('a union has no such branch');
  return index === VALUE_INDEX;
}

/** Hook for `avro.parse`: makes the nullable type of `["null", T]`; refuses every other union. */
// eslint-disable-next-line dialect/null-for-absent -- avro-js asks for undefined
export function nullableTypeHook(attributes: unknown, options: ParseOptions): Type | undefined {
  if (!Array.isArray(attributes)) return undefined;
  const [first, second, ...rest]: unknown[] = attributes;
  if (first !== 'null' || second === undefined || second === 'null' || rest.length > 0) {
    throw new Error('a union is ["null", T]');
  }
  return new NullableType(avro.parse(typeof second === 'string' ? { type: second } : (second as object), options));
}
