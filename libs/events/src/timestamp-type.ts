import type { ParseOptions, Tap, Type } from 'avro-js';
import { boundedAvro as avro } from './bounded-avro.ts';

/** An instant beyond what a `Date` holds (8.64e15 ms, the year 275760) is refused, not turned into an invalid date. */
function toDate(milliseconds: unknown): Date {
  const date = new Date(milliseconds as number);
  if (Number.isNaN(date.getTime())) throw new Error('an instant is beyond the range of dates');
  return date;
}

/** `timestamp-millis` as `Date`. */
export class TimestampType extends avro.types.LogicalType {
  constructor(attributes: object, options: ParseOptions) {
    super(attributes, options, [avro.types.LongType]);
  }

  /** avro-js forgot this one: a logical field that the reader does not know could not be skipped. It must be an instant all the same. */
  override _skip(tap: Tap): void {
    this._read(tap);
  }

  override _fromValue(value: unknown): Date {
    return toDate(value);
  }

  override _toValue(value: unknown): number | undefined {
    return value instanceof Date ? value.getTime() : undefined;
  }

  override _resolve(writer: Type): ((value: unknown) => unknown) | undefined {
    if (writer instanceof TimestampType) return (date) => date;
    return writer instanceof avro.types.LongType ? toDate : undefined;
  }
}
