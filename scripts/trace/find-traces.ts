/** One journey of a business thing: what it is, and its trace id; null where it was not traced. */
export type FoundTrace = { title: string; traceId: string | null };
/** Asks a path of a service; null where the service does not know the thing. Rejects where the service does not answer. */
export type Ask = (service: 'outage' | 'notifier', path: string) => Promise<Record<string, unknown> | null>;

const TRACE_ID = /^[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type OutageEvents = { version: number; type: string; traceId: string | null }[];

/**
 * Finds the journeys of an outage (one for each event), of a run, or of a trace id itself; null where nobody knows the id. Throws on what
 * can be no id.
 */
export async function findTraces(id: string, ask: Ask): Promise<FoundTrace[] | null> {
  if (TRACE_ID.test(id)) return [{ title: 'trace', traceId: id }];
  if (!UUID.test(id)) throw new TypeError('an id is a UUID of an outage or a run, or the 32 hex digits of a trace');
  const outage = await ask('outage', `/v1/outages/${id}`);
  if (outage !== null) return tracesOfEvents(outage['events'] as OutageEvents);
  const run = await ask('notifier', `/v1/runs/${id}`);
  if (run === null) return null;
  return [{ title: `run (${String(run['kind'])})`, traceId: (run['traceId'] as string | null | undefined) ?? null }];
}

/** Two events of one request are one journey. */
function tracesOfEvents(events: OutageEvents): FoundTrace[] {
  const groups = Map.groupBy(events, ({ traceId, version }) => traceId ?? `untraced ${version}`);
  return [...groups.values()].map((group) => ({
    title: group.map(({ version, type }) => `${type} (version ${version})`).join(', '),
    traceId: group[0]?.traceId ?? null,
  }));
}
