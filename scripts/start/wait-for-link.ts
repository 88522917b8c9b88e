import { setTimeout as wait } from 'node:timers/promises';

const pauseMs = 250;
/** A link that is not there by then is no reason to wait: texts do, and the terminal says when it comes. */
const withinMs = 5_000;
const requestTimeoutMs = 5_000;

/** How the link to the SMSC is, as the notifier says it. */
type Link = { readonly isUp: boolean; readonly problem: string | null };

/** Waits a moment for the link of the notifier, and says in words how it is. */
export async function waitForLink(notifier: string): Promise<string> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const link = await readLink(notifier);
    if (link?.isUp === true) return 'bound';
    if (performance.now() >= deadline)
      return `down (${link?.problem ?? 'not bound yet'}): texts wait, and this terminal says when it is there`;
    await wait(pauseMs);
  }
}

async function readLink(notifier: string): Promise<Link | null> {
  try {
    const answer = await fetch(`${notifier}/v1/sending`, { signal: AbortSignal.timeout(requestTimeoutMs) });
    return answer.ok ? ((await answer.json()) as { link: Link }).link : null;
  } catch {
    return null; // it was just started again
  }
}
