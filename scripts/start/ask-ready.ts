const requestTimeoutMs = 5_000;

/** Asks a readiness page: null when it answers that it is ready, else what it says instead. */
export async function askReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs) });
    const body = await response.text();
    return response.ok ? null : body;
  } catch {
    return 'it does not answer';
  }
}
