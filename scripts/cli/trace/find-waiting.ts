import type { SpanLine } from '@bijli/trace-sink/span-line';
import { type Ask, isUuid } from './find-traces.ts';

/** A run as GET /v1/runs shows it, as far as it is needed here. */
type Run = {
  readonly runId: string;
  readonly kind: string;
  readonly state: string;
  readonly stateReason: string | null;
  readonly endedAt: string | null;
  readonly counts: { pending: number };
};

/** More runs than a person reads. */
const MOST_RUNS = 50;

/**
 * Says, a sentence for each run of a thing that is not over, how many contacts wait and for what. The runs are those that its spans name,
 * and those of the outage or run whose id it is.
 */
export async function findWaiting(id: string, spans: readonly SpanLine[], ask: Ask): Promise<string[]> {
  const runIds = [...new Set(spans.flatMap(({ attributes }) => idsIn(attributes['bijli.run'])))].slice(0, MOST_RUNS);
  const named = await Promise.all(runIds.map((runId) => ask('notifier', `/v1/runs/${runId}`)));
  const runs = [...(named.filter((run) => run !== null) as Run[]), ...(isUuid(id) ? await runsOf(id, ask) : [])];
  const byId = new Map(runs.map((run) => [run.runId, run]));
  return [...byId.values()].flatMap((run) => waits(run) ?? []);
}

/** One run of an event, many where many were heard together. */
function idsIn(attribute: unknown): string[] {
  const values: unknown[] = Array.isArray(attribute) ? attribute : [attribute];
  return values.filter((value) => typeof value === 'string').filter(isUuid);
}

async function runsOf(id: string, ask: Ask): Promise<Run[]> {
  const [one, ofOutage] = await Promise.all([
    ask('notifier', `/v1/runs/${id.toLowerCase()}`),
    ask('notifier', `/v1/runs?outageId=${id.toLowerCase()}&limit=${MOST_RUNS}`),
  ]);
  return [...(one === null ? [] : [one]), ...((ofOutage?.['runs'] ?? []) as object[])] as Run[];
}

function waits({ runId, kind, state, stateReason, endedAt, counts: { pending } }: Run): string | null {
  const run = `run ${runId} (${kind})`;
  if (state === 'held') return `${run} is held: POST /v1/runs/${runId}/release of the notifier asks for it to go`;
  if (state === 'refused') return `${run} was refused: ${stateReason ?? 'its audience is too large'}`;
  if (state !== 'open' || endedAt !== null || pending === 0) return null;
  return `${run}: ${pending} contacts wait: ${stateReason ?? 'they are being sent to'}`;
}
