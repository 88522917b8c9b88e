/** The part of avro-js 1.12.1 that the codec uses; the package has no types of its own. */
declare module 'avro-js' {
  /** A reading and writing position in a buffer. Reading past the end is silent: the caller compares `pos` and length. */
  export type Tap = {
    readonly buf: Buffer;
    pos: number;
    readLong(): number;
    readFixed(octets: number): Buffer;
    writeLong(value: number): void;
  };

  /** Reads a writer's record as the reader's type; made by `createResolver`. */
  export type Resolver = { _read: ((tap: Tap) => unknown) | null };

  export type ResolverOptions = { registry?: Record<string, Resolver> };

  export type ErrorHook = (path: readonly string[], value: unknown, type: Type) => void;

  export class Type {
    constructor(registry?: Record<string, Type>);
    createResolver(writer: Type, options?: ResolverOptions): Resolver;
    decode(buffer: Buffer, position: number, resolver?: Resolver): { value: unknown; offset: number };
    encode(value: unknown, buffer: Buffer, position: number): number;
    isValid(value: unknown, options?: { errorHook: ErrorHook }): boolean;
    toBuffer(value: unknown): Buffer;
    fromBuffer(buffer: Buffer, resolver?: Resolver): unknown;
    _check(value: unknown, hook?: ErrorHook): boolean;
    _copy(value: unknown, options?: object): unknown;
    _read(tap: Tap): unknown;
    _skip(tap: Tap): void;
    _updateResolver(resolver: Resolver, writer: Type, options?: ResolverOptions): void;
    _write(tap: Tap, value: unknown): void;
  }

  export class Field {
    getName(): string;
    getType(): Type;
  }

  export class RecordType extends Type {
    getFields(): Field[];
  }

  export class LogicalType extends Type {
    constructor(attributes: object, options: ParseOptions, underlying?: (typeof Type)[]);
    getUnderlyingType(): Type;
    _fromValue(value: unknown): unknown;
    _toValue(value: unknown): unknown;
    _resolve(writer: Type, options?: ResolverOptions): ((value: unknown) => unknown) | undefined;
  }

  export type ParseOptions = {
    typeHook?: (attributes: unknown, options: ParseOptions) => Type | undefined;
    logicalTypes?: Record<string, typeof LogicalType>;
    assertLogicalTypes?: boolean;
    namespace?: string;
    registry?: Record<string, Type>;
  };

  const avro: {
    parse(schema: object, options?: ParseOptions): Type;
    readonly types: {
      readonly Type: typeof Type;
      readonly ArrayType: typeof Type;
      readonly BytesType: typeof Type;
      readonly IntType: typeof Type;
      readonly LogicalType: typeof LogicalType;
      readonly LongType: typeof Type;
      readonly MapType: typeof Type;
      readonly RecordType: typeof RecordType;
      readonly StringType: typeof Type;
    };
  };
  export default avro;
}
