import { join } from 'node:path';
import type { Listener, StartSettings } from '@bijli/start/settings';
import { readLogNews } from './read-log-news.ts';
import type { DeadLetterCount, ProgramStatus, SendingStatus, Status } from './status.ts';

const services = ['consumer-registry', 'outage', 'billing', 'complaint', 'notifier'] as const;
/** Not there with an SMSC of the user's own, so its absence is no news; the link says what there is to say. */
const SIMULATOR = 'sms-simulator' as const;
const answerWithinMs = 5_000;

/** Asks everything that was started how it is. What is down is said, never thrown. */
export async function gatherStatus(settings: StartSettings, now: Date): Promise<Status> {
  const [programs, sending, letters] = await Promise.all([
    Promise.all([...services, 'trace-sink' as const, SIMULATOR].map((name) => programStatus(settings, name))),
    askJson<SendingStatus>(settings, 'notifier', '/v1/sending'),
    Promise.all(services.map(async (name) => ({ name, counts: await deadLettersOf(settings, name) }))),
  ]);
  return {
    at: now.toISOString(),
    dataFolder: settings.dataFolder,
    programs: programs.filter(({ name, state }) => name !== SIMULATOR || state !== 'down'),
    sending: sending?.status === 200 ? sending.body : null,
    deadLetters: letters.flatMap(({ counts }) => counts ?? []).filter(({ waiting }) => waiting > 0),
    deadLettersUnknown: letters.filter(({ counts }) => counts === null).map(({ name }) => name),
  };
}

type Readyz = { readonly ok: boolean; readonly parts?: Record<string, { ok: boolean; detail?: string }> };

async function programStatus(settings: StartSettings, name: Listener): Promise<ProgramStatus> {
  const log = join(settings.dataFolder, 'logs', `${name}.log`);
  const [answer, news] = await Promise.all([askJson<Readyz>(settings, name, '/readyz'), readLogNews(log)]);
  const known = { name, port: settings.ports[name], log, ...news };
  if (answer === null) return { ...known, state: 'down', details: {} };
  return { ...known, state: answer.body.ok ? 'ready' : 'not ready', details: detailsOf(answer.body) };
}

/** A part that is well and has nothing to say is left out. */
function detailsOf({ parts = {} }: Readyz): Record<string, string> {
  const said = Object.entries(parts).flatMap(([name, { ok, detail }]) =>
    ok && detail === undefined ? [] : [[name, ok ? detail : `not ready${detail === undefined ? '' : `: ${detail}`}`]],
  );
  return Object.fromEntries(said) as Record<string, string>;
}

const FAILED = /^bijli_metrics_failed\{[^}]*\} 1$/m;
const WAITING = /^bijli_dead_letters_waiting\{[^}]*subscription="([^"]*)"[^}]*\} (\d+)$/gm;

async function deadLettersOf(settings: StartSettings, service: Listener): Promise<DeadLetterCount[] | null> {
  const metrics = await ask(settings, service, '/metrics');
  return metrics?.ok === true ? countsIn(service, await metrics.text()) : null;
}

/** Reads the waiting dead letters from a page of metrics; null where a part could not give what it counts: no number is not none. */
export function countsIn(service: string, metrics: string): DeadLetterCount[] | null {
  if (FAILED.test(metrics)) return null;
  return [...metrics.matchAll(WAITING)].map(([, subscription = '', waiting]) => ({
    service,
    subscription,
    waiting: Number(waiting),
  }));
}

async function askJson<T>(
  settings: StartSettings,
  name: Listener,
  path: string,
): Promise<{ status: number; body: T } | null> {
  const answer = await ask(settings, name, path);
  const body = (await answer?.json().catch(() => null)) as T | null | undefined;
  return answer === null || body === null || body === undefined ? null : { status: answer.status, body };
}

async function ask({ ports }: StartSettings, name: Listener, path: string): Promise<Response | null> {
  const signal = AbortSignal.timeout(answerWithinMs);
  return await fetch(`http://127.0.0.1:${ports[name]}${path}`, { signal }).catch(() => null);
}
