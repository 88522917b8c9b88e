const pauseMs = 200;
const patienceMs = 300_000;

/** Sends JSON and gives the answer; fails on anything but 2xx. */
export async function ask<T>(method: string, url: string, body?: object): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}

/** Waits until something is there, five minutes at most. Outside of Jest, so without libs/testing. */
export async function eventually<T>(what: string, look: () => Promise<T | false | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== false && found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
