import { types } from 'node:util';

/** The SQLSTATE codes this code base reacts to. Source: PostgreSQL 18 documentation, appendix A. */
export const postgresErrors = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  notNullViolation: '23502',
  exclusionViolation: '23P01',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  undefinedTable: '42P01',
  inFailedTransaction: '25P02',
} as const;

/** SQLSTATE classes that speak of the server's condition, not of the statement: connection, resources, operator, system. */
const INFRASTRUCTURE_CLASSES: ReadonlySet<string> = new Set(['08', '53', '57', '58', '40']);

/** SQLSTATE classes that speak of the values given: more or fewer than fit, data, integrity, a limit of the program, not supported. */
const DATA_CLASSES: ReadonlySet<string> = new Set(['21', '22', '23', '54', '0A']);

/** What Node and node-postgres put into `code` or say when the connection is gone or cannot be made. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const CONNECTION_MESSAGES =
  /Connection terminated|Connection ended|Client has encountered a connection error|Client was closed|not queryable|Query read timeout|timeout exceeded when trying to connect|Timeout acquiring a connection|Unable to acquire a connection/;

type CodedError = Error & { readonly code?: unknown };

// Not instanceof: errors of Node's own sockets belong to another realm under test runners.
const isError = (error: unknown): error is CodedError => types.isNativeError(error);

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Reads the SQLSTATE of an error that came from PostgreSQL; null for any other value. */
export function postgresErrorCode(error: unknown): string | null {
  const code = isError(error) ? error.code : undefined;
  return typeof code === 'string' && SQLSTATE.test(code) && 'severity' in (error as object) ? code : null;
}

/** Says whether an error is the named PostgreSQL error, e.g. `isPostgresError(e, 'uniqueViolation')`. */
export function isPostgresError(error: unknown, name: keyof typeof postgresErrors): boolean {
  return postgresErrorCode(error) === postgresErrors[name];
}

/** Says whether the connection to PostgreSQL is gone or could not be made, so that trying the same elsewhere is useless now. */
export function isConnectionError(error: unknown): boolean {
  if (!isError(error)) return false;
  const sqlState = postgresErrorCode(error);
  if (sqlState !== null) return sqlState.startsWith('08') || /^57P0[1-5]$/.test(sqlState) || sqlState === '53300';
  return CONNECTION_CODES.has(String(error.code)) || CONNECTION_MESSAGES.test(error.message);
}

/**
 * Says whether trying again later may help without anybody changing code or data: a lost connection, a serialization failure or
 * deadlock, a lock or statement time-out, a server that is short of something or shutting down.
 */
export function isTransientError(error: unknown): boolean {
  const sqlState = postgresErrorCode(error);
  if (sqlState !== null)
    return INFRASTRUCTURE_CLASSES.has(sqlState.slice(0, 2)) || sqlState === postgresErrors.lockNotAvailable;
  return isConnectionError(error);
}

/**
 * Says whether an error speaks of the values that were to be stored, so that trying the same again is useless, and what came with them may
 * well be stored without them: too large a number, an octet that is no text, a key too long for its index, a day without a partition. A
 * `RangeError` is what writing them down throws before they are sent (copyIn).
 */
export function isDataError(error: unknown): boolean {
  const sqlState = postgresErrorCode(error);
  if (sqlState !== null) return DATA_CLASSES.has(sqlState.slice(0, 2));
  return isError(error) && error.name === 'RangeError';
}
