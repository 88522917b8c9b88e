/**
 * Throws when a KAFKAJS_DEBUG_* variable is set: with it kafkajs prints every request, payloads and credentials included. kafkajs reads
 * `process.env` by itself, which is why this library must look there, too.
 */
export function refusePayloadLogging(env: Readonly<Record<string, string | undefined>>): void {
  const set = Object.keys(env).filter((name) => name.startsWith('KAFKAJS_DEBUG_') && env[name] !== undefined);
  if (set.length > 0) throw new Error(`Unset ${set.join(', ')}: kafkajs would write payloads to the log.`);
}
