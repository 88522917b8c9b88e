import { setTimeout as wait } from 'node:timers/promises';
import { monotonicSeconds } from './sink.ts';
import { within } from './within.ts';

const [OUTAGE, NOTIFIER] = [2, 5];
/** No time is read from these looks; more of them would cost what is measured. */
const LOOK_EVERY_MS = 100;
const UNAVAILABLE = 503;
const ASK_AGAIN_MS = 100;
const ASKED_AT_MOST = 50;
const GIVE_UP_AFTER_S = 600;
const END_ALL_WITHIN_S = 120;

/** An outage as the control room knows it; `said` is when its latest change was answered, in seconds of the monotonic clock. */
export type Opened = { readonly id: string; readonly version: number; readonly said: number };

/** A run, as far as the bench looks at it. */
export type RunBody = {
  readonly runId: string;
  readonly revision: number;
  readonly state: string;
  readonly counts: { readonly accepted: number; readonly pending: number };
};

/** What the people of a control room do, over HTTP, and what the notifier answers about it. */
export type ControlRoom = ReturnType<typeof controlRoom>;

/** Speaks to the system at a base port. */
export function controlRoom(basePort: number) {
  const outages = `http://127.0.0.1:${basePort + OUTAGE}/v1`;
  const notifier = `http://127.0.0.1:${basePort + NOTIFIER}/v1`;

  let putOff = 0;
  const standing = new Map<string, { opened: Opened; end: string }>();

  async function ask(method: 'POST' | 'PUT', path: string, body: object): Promise<Opened> {
    const request = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    let answer = await fetch(outages + path, request);
    for (let asked = 1; answer.status === UNAVAILABLE && asked < ASKED_AT_MOST; asked += 1) {
      putOff += 1;
      await wait(ASK_AGAIN_MS);
      answer = await fetch(outages + path, request);
    }
    const said = monotonicSeconds();
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return { ...((await answer.json()) as Omit<Opened, 'said'>), said };
  }

  async function runOf({ id, version }: Opened): Promise<RunBody | null> {
    const answer = await fetch(`${notifier}/runs?outageId=${id}`);
    const { runs } = (await answer.json()) as { runs: RunBody[] };
    return runs.find((one) => one.revision === version) ?? null;
  }

  async function untilRun(opened: Opened, isSo: (run: RunBody) => boolean): Promise<RunBody> {
    let run: RunBody | null = null;
    for (const deadline = monotonicSeconds() + GIVE_UP_AFTER_S; monotonicSeconds() < deadline; ) {
      run = await runOf(opened);
      if (run !== null && isSo(run)) return run;
      await wait(LOOK_EVERY_MS);
    }
    throw new Error(
      `the run of version ${opened.version} did not come so far: ${JSON.stringify(run ?? 'there is none')}`,
    );
  }

  const untilComplete = (opened: Opened): Promise<RunBody> => untilRun(opened, ({ state }) => state === 'complete');

  async function stand(how: string, path: string, body: object): Promise<Opened> {
    const opened = await ask('POST', path, body);
    standing.set(opened.id, { opened, end: how });
    return opened;
  }

  async function end({ id }: Opened, how: string): Promise<Opened> {
    standing.delete(id);
    return await ask('POST', `/outages/${id}/${how}`, {});
  }

  async function endStanding(): Promise<void> {
    const ends: Opened[] = [];
    for (const { opened, end: how } of standing.values()) ends.push(await end(opened, how));
    for (const ended of ends) await untilComplete(ended);
  }

  return {
    /** How often the outage service asked to be asked again. */
    putOff: () => putOff,
    /** Reports a cut of these nodes; supply is expected back after the usual time where no other is said. */
    report: (nodeIds: readonly string[], until?: Date) =>
      stand('restoration', '/outages', { nodeIds, cause: 'transformer-fault', ...timeOf(until) }),
    /** Says anew when supply is expected back. */
    moveTime: ({ id }: Opened, until: Date) => ask('PUT', `/outages/${id}/restoration-estimate`, timeOf(until)),
    /** Announces work on these nodes for the day after tomorrow. */
    announce: (nodeIds: readonly string[]) => {
      const [startsAt, endsAt] = [48, 50].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
      return stand('cancellation', '/planned-outages', { nodeIds, cause: 'maintenance', startsAt, endsAt });
    },
    restore: (opened: Opened) => end(opened, 'restoration'),
    cancel: (opened: Opened) => end(opened, 'cancellation'),
    /** Ends all that still stands: a goal that failed leaves nothing to the next. Throws when that takes more than two minutes. */
    endAll: () => within(END_ALL_WITHIN_S, 'the end of what still stood', endStanding()),
    runOf,
    untilComplete,
    setSending: async (isStopped: boolean): Promise<void> => {
      const answer = await fetch(`${notifier}/sending`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ isStopped, reason: 'bench', changedBy: 'bench' }),
      });
      if (!answer.ok) throw new Error(`the notifier answered ${answer.status}`);
    },
  };
}

function timeOf(until: Date | undefined): { readonly estimatedRestorationAt?: string } {
  return until === undefined ? {} : { estimatedRestorationAt: until.toISOString() };
}
