import { types } from 'node:util';

/** Class and code of an error, for logs and spans; its message may quote a value. */
export function errorName(error: unknown): string {
  if (!types.isNativeError(error)) return typeof error;
  const { name, code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? `${name} ${code}` : name;
}
