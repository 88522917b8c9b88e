import type { Listener, StartSettings } from '@bijli/start/settings';

/** Asks a service of the running system; the answer's body. @throws Error that says who answered what, or that nobody did. */
export type Ask = <T>(method: 'GET' | 'POST' | 'PUT', service: Listener, path: string, body?: unknown) => Promise<T>;

/** What to do when a service does not answer. */
const adviceOf = (service: Listener): string =>
  service === 'sms-simulator'
    ? 'start the system first (npm start); one that sends through an SMSC of your own cannot play the demo'
    : 'start the system first (npm start)';

const ANSWER_WITHIN_MS = 10_000;

/** Makes the way to ask the services on these ports. */
export function asker({ ports }: Pick<StartSettings, 'ports'>): Ask {
  return async <T>(method: string, service: Listener, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${ports[service]}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Error(`${service} does not answer on port ${ports[service]}: ${adviceOf(service)}`, { cause });
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${service} answered ${method} ${path} with ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  };
}

const LOOK_EVERY_MS = 100;
const GIVE_UP_AFTER_MS = 60_000;

/** Looks again and again until there is something to see. @throws Error naming what never came. */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = performance.now() + GIVE_UP_AFTER_MS; performance.now() < deadline; ) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(
    `${what} did not come within ${GIVE_UP_AFTER_MS / 1_000} s; npm run dead-letters and the logs may say why`,
  );
}
