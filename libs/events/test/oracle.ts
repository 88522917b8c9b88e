import avsc from 'avsc';

class DateType extends avsc.types.LogicalType {
  protected override _fromValue(value: number): Date {
    return new Date(value);
  }

  protected override _toValue(value: Date): number {
    return value.getTime();
  }

  protected override _resolve(writer: avsc.Type): ((value: Date) => Date) | undefined {
    return writer instanceof DateType ? (date) => date : undefined;
  }
}

/** The other implementation of Avro: what it reads and writes is what ours has to. */
export function oracle(schema: object): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, {
    logicalTypes: { 'timestamp-millis': DateType },
    wrapUnions: false,
  });
}
