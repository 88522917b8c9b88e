/** What a value may be; an array becomes a PostgreSQL array, so its place in the text needs a cast (`:ids::text[]`). */
export type SqlValue = string | number | bigint | boolean | Buffer | Date | null | readonly SqlValue[];

/** Values by the names under which they stand in the text (`:name`), or those of its `?` placeholders in their order. */
export type SqlValues = Readonly<Record<string, SqlValue>> | readonly SqlValue[];
