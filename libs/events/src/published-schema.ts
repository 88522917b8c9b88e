/** One published, immutable version of a schema, with the id that stands in front of every record written by it. */
export type PublishedSchema = {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  readonly topic: string;
  readonly schema: object;
};
