import type { LogEntry, logCreator } from 'kafkajs';
import kafkajs from 'kafkajs';

/** Where lines go: the shape of a pino logger, fields first, then a constant message. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** The only fields of kafkajs' own lines that pass: what it also puts there (errors with requests, buffers) may hold a payload. */
const PASSED_FIELDS = ['broker', 'groupId', 'topic', 'partition', 'offset', 'retryCount', 'retryTime'] as const;

/**
 * Gives kafkajs a logger that writes to ours, one constant message with the namespace and its text cut short. kafkajs calls an ERROR what
 * it then retries, so its errors become warnings: whether a human must act is decided by the supervisor.
 */
export function kafkajsLog(log: Log): logCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const fields = { ...passedFields(entry), kafkajs: namespace, detail: String(entry.message).slice(0, 200) };
      if (level <= kafkajs.logLevel.WARN) log.warn(fields, 'kafka client warns');
      else log.debug(fields, 'kafka client says');
    };
}

function passedFields(entry: LogEntry['log']): Record<string, unknown> {
  return Object.fromEntries(
    PASSED_FIELDS.filter((name) => entry[name] !== undefined).map((name) => [name, entry[name]]),
  );
}
