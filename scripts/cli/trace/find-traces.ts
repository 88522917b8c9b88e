/** One journey of a business thing: what it is, and its trace id; null where it was not traced. */
export type FoundTrace = { readonly title: string; readonly traceId: string | null };
/** Asks a path of a service; null where the service does not know the thing, or does not answer. */
export type Ask = (
  service: 'outage' | 'billing' | 'complaint' | 'notifier',
  path: string,
) => Promise<Record<string, unknown> | null>;

const TRACE_ID = /^[0-9a-f]{32}$/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const COMPLAINT_NUMBER = /^CMP-\d{4}-\d+$/i;
/** Number of a bill or transaction id of a payment, as schemas/billing-system/account.avsc has it. */
const REFERENCE = /^[A-Za-z0-9./_-]{1,40}$/;

/** Tells whether a text is a UUID, in whatever case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

type TracedEvent = { readonly version: number; readonly type: string; readonly traceId: string | null };

/**
 * Finds the journeys of an outage (one for each event), of a run, of a complaint number, of the number of a bill or payment, or of a trace
 * id itself; null where nobody knows it. Throws on what can be none of them.
 */
export async function findTraces(id: string, ask: Ask): Promise<FoundTrace[] | null> {
  if (TRACE_ID.test(id)) return [{ title: 'trace', traceId: id.toLowerCase() }];
  if (isUuid(id)) return tracesOfId(id.toLowerCase(), ask);
  if (COMPLAINT_NUMBER.test(id)) return tracesOfComplaint(id.toUpperCase(), ask);
  if (REFERENCE.test(id)) return tracesOfReference(id, ask);
  throw new TypeError(
    'an id is a UUID of an outage or a run, a complaint number, the number of a bill or payment, or a trace id',
  );
}

async function tracesOfId(id: string, ask: Ask): Promise<FoundTrace[] | null> {
  const outage = await ask('outage', `/v1/outages/${id}`);
  if (outage !== null) return tracesOfEvents(outage['events'] as TracedEvent[]);
  const run = await ask('notifier', `/v1/runs/${id}`);
  if (run === null) return null;
  return [{ title: `run (${String(run['kind'])})`, traceId: (run['traceId'] as string | null | undefined) ?? null }];
}

async function tracesOfComplaint(complaintNumber: string, ask: Ask): Promise<FoundTrace[] | null> {
  const history = await ask('complaint', `/v1/complaints/${complaintNumber}/history`);
  return history === null ? null : tracesOfEvents(history['events'] as TracedEvent[]);
}

type Entry = TracedEvent & { readonly accountNumber: string | null };
type Message = { readonly subject: string; readonly traceId: string | null };

/** The ledger knows how an entry came in, the notifier in which run it was told: one trace where both were by themselves. */
async function tracesOfReference(reference: string, ask: Ask): Promise<FoundTrace[] | null> {
  const found = await ask('billing', `/v1/entries?reference=${encodeURIComponent(reference)}`);
  const entries = (found?.['items'] ?? []) as Entry[];
  if (entries.length === 0) return null;
  const told = await Promise.all(distinct(entries).map((accountNumber) => messagesOf(accountNumber, reference, ask)));
  const runs = told.flat().map(({ subject, traceId }) => ({ title: `run that tells the ${subject}`, traceId }));
  return firstOfEachTrace([...tracesOfEvents(entries), ...runs]);
}

const distinct = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.flatMap(({ accountNumber }) => accountNumber ?? [])),
];

async function messagesOf(accountNumber: string, reference: string, ask: Ask): Promise<Message[]> {
  const account = await ask('billing', `/v1/accounts/${accountNumber}`);
  if (account === null) return [];
  const query = new URLSearchParams({ connectionId: String(account['connectionId']), reference });
  const told = await ask('notifier', `/v1/messages?${query.toString()}`);
  return (told?.['messages'] ?? []) as Message[];
}

function firstOfEachTrace(traces: readonly FoundTrace[]): FoundTrace[] {
  return traces.filter(
    ({ traceId }, place) => traceId === null || traces.findIndex((other) => other.traceId === traceId) === place,
  );
}

/** Two events of one request are one journey. */
function tracesOfEvents(events: readonly TracedEvent[]): FoundTrace[] {
  const groups = Map.groupBy(events, ({ traceId, version }) => traceId ?? `untraced ${version}`);
  return [...groups.values()].map((group) => ({
    title: group.map(({ version, type }) => `${type} (version ${version})`).join(', '),
    traceId: group[0]?.traceId ?? null,
  }));
}
