/** The most records of one statement, and the most octets of them: its text is twice as long, and V8 has no text above 512 MiB. */
const RECORDS_PER_STATEMENT = 1_000;
const OCTETS_PER_STATEMENT = 8 * 1024 * 1024;

/** Cuts records, in their order, into runs of which each is one statement's; one record at least. */
export function* inStatements<T>(records: readonly T[], octetsOf: (record: T) => number): Generator<T[]> {
  let run: T[] = [];
  let octets = 0;
  for (const record of records) {
    const size = octetsOf(record);
    if (run.length === RECORDS_PER_STATEMENT || (run.length > 0 && octets + size > OCTETS_PER_STATEMENT)) {
      yield run;
      run = [];
      octets = 0;
    }
    run.push(record);
    octets += size;
  }
  if (run.length > 0) yield run;
}
