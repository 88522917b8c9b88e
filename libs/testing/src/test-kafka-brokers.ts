/**
 * Names the brokers that the run's set-up started, as `host:port`.
 * @throws when the test is not in a tier with servers (`*.db.test.ts`, `*.component.test.ts`).
 */
export function testKafkaBrokers(): string[] {
  const brokers = process.env['TEST_KAFKA_BROKERS'];
  if (!brokers) throw new Error('TEST_KAFKA_BROKERS is not set: name the file *.db.test.ts or *.component.test.ts');
  return brokers.split(',');
}
