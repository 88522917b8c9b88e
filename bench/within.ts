/**
 * Waits for something, but no longer than so many seconds.
 * @throws Error that names what did not come; `onLate` is called before, to end whoever it is waited for.
 */
export async function within<T>(
  seconds: number,
  what: string,
  awaited: Promise<T>,
  onLate: () => void = () => undefined,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    onLate();
    late.reject(new Error(`${what} took more than ${seconds} s`));
  }, seconds * 1_000);
  try {
    return await Promise.race([awaited, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
