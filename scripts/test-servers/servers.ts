/** A PostgreSQL and a Kafka for tests, and where they come from in words. */
export type TestServers = {
  readonly databaseUrl: string;
  readonly kafkaBrokers: string;
  readonly origin: string;
  stop(): Promise<void>;
};
