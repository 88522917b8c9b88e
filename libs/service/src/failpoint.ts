import type { Logger } from 'pino';
import { ConfigError } from './config-error.ts';

type Armed = { readonly action: 'kill' | 'throw' | 'pause'; readonly at: number | null; hits: number };
const armed = new Map<string, Armed>();
const FAILPOINT = /^(?<name>[a-z0-9.-]+)=(?<action>kill|throw|pause)(?:@(?<at>[1-9]\d{0,8}))?$/;

/**
 * Arms failpoints from the text of `FAILPOINTS`: `name=kill|throw|pause[@n],…`. Fault tests stop a process by them.
 * With `@n` only the n-th arrival fires, else each. Logs one WARN for each. An empty text arms nothing.
 * Fails with `ConfigError` on a text it does not understand.
 */
export function armFailpoints(text: string, log: Pick<Logger, 'warn'>): void {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const entry of entries) {
    const parts = FAILPOINT.exec(entry)?.groups;
    if (parts === undefined)
      throw new ConfigError([`FAILPOINTS: "${entry}" is not name=kill|throw|pause or name=action@n`]);
    const { name = '', action, at } = parts;
    armed.set(name, { action: action as Armed['action'], at: at === undefined ? null : Number(at), hits: 0 });
    log.warn({ failpoint: name, action, at }, 'failpoint armed');
  }
}

/** Disarms every failpoint (tests). */
export function disarmFailpoints(): void {
  armed.clear();
}

/**
 * Does nothing, unless `name` is armed: then it kills the process as the kernel would, throws, or waits
 * for ever. Costs one map look-up where nothing is armed.
 */
export async function failpoint(name: string): Promise<void> {
  if (armed.size === 0) return;
  const point = armed.get(name);
  if (point === undefined) return;
  point.hits += 1;
  if (point.at !== null && point.hits !== point.at) return;
  if (point.action === 'throw') throw new Error(`failpoint ${name}`);
  if (point.action === 'kill') process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}
