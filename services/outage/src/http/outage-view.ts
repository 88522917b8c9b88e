import { instantText, isChanged, type Reply, versionTag } from '@bijli/service';
import { z } from 'zod';
import { causeCodes } from '../domain/causes.ts';
import { estimateSources, type Outage, statuses } from '../domain/outage.ts';
import type { HappenedEvent } from '../store/get-outage.ts';
import type { ListedOutage } from '../store/list-outages.ts';
import { pendingChange, pendingChangeSchema } from './pending-view.ts';

/** A trace in an answer. */
export const traceId = z
  .string()
  .length(32)
  .nullable()
  .meta({ description: 'Trace of the request, for `npm run trace`', example: '4bf92f3577b34da6a3ce929d0e0e4736' });

const summary = {
  id: z.uuid().meta({ description: 'UUIDv7 of the outage' }),
  version: z
    .int()
    .min(0)
    .meta({ description: 'Number of its latest event, also the ETag; 0 while nobody is told of it' }),
  kind: z.enum(['planned', 'unplanned']),
  status: z.enum(statuses).meta({
    description:
      'Nobody is told of what is `draft`, `approved` or `unconfirmed`; `dropped` is the end of what nobody was told of. Told are ' +
      '`announced` (planned work before its start), `open`, `restored` and `cancelled`',
  }),
  cause: z.enum(causeCodes),
  startsAt: instantText,
  estimatedRestorationAt: instantText,
  estimateSource: z
    .enum(estimateSources)
    .nullable()
    .meta({ description: 'Whom the return time comes from; `cause-default` is the usual duration of the cause' }),
  restoredAt: instantText.nullable(),
};

const codes = z.array(z.string());
const details = {
  ...summary,
  nodeIds: codes.meta({ description: 'Nodes without supply, with everything below them' }),
  ownNodeIds: codes.meta({ description: 'Nodes of which only what hangs on them directly is without supply' }),
  draftedBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
  isConfirmed: z.boolean().meta({ description: 'false while only a machine has said the latest of it' }),
  pending: z.array(pendingChangeSchema),
};

/** An outage after what was asked of it. */
export const changedOutageSchema = z.strictObject({ ...details, isChanged }).meta({ id: 'ChangedOutage' });
/** An outage with what happened to it. */
export const outageWithEventsSchema = z
  .strictObject({
    ...details,
    traceId: traceId,
    events: z.array(z.strictObject({ version: z.int(), type: z.string(), occurredAt: instantText, traceId })),
  })
  .meta({ id: 'OutageWithEvents' });
/** An outage in a list. */
export const listedOutageSchema = z.strictObject({ ...summary, nodeCount: z.int() }).meta({ id: 'ListedOutage' });

/** Headers of an answer that carries one outage. */
export const outageHeaders = z.object({
  etag: z.string().optional().meta({ description: 'Its version, for If-Match; absent while nobody is told of it' }),
  'trace-id': z.string().optional().meta({ description: 'Trace of this request, where it is traced' }),
});

/** Headers of the answer to what opened one. */
export const openedHeaders = outageHeaders.extend({
  location: z.string().meta({ description: 'Address of the outage' }),
});

/** Answers with an outage at its version, and whether it is another one now. */
export function changedOutageReply(status: 200 | 201, outage: Outage, isOther: boolean): Reply {
  const headers = { ...tag(outage), ...(status === 201 ? { location: `/v1/outages/${outage.id}` } : {}) };
  return { status, body: { ...detailsOf(outage), isChanged: isOther }, headers };
}

/** Answers with an outage, what happened to it, and the trace of the latest event. */
export function outageWithEventsReply(outage: Outage, events: readonly HappenedEvent[]): Reply {
  const body = {
    ...detailsOf(outage),
    traceId: events.at(-1)?.traceId ?? null,
    events: events.map((event) => ({ ...event, occurredAt: event.occurredAt.toISOString() })),
  };
  return { status: 200, body, headers: tag(outage) };
}

/** Writes an outage as it stands in a list. */
export function listedOutage(outage: ListedOutage): z.output<typeof listedOutageSchema> {
  return { ...summaryOf(outage), nodeCount: outage.nodeCount };
}

const tag = ({ version }: Outage): Record<string, string> => (version === 0 ? {} : { etag: versionTag(version) });

function summaryOf({ id, version, kind, status, cause, ...outage }: Omit<ListedOutage, 'nodeCount'>) {
  const { startsAt, estimatedRestorationAt, estimateSource, restoredAt } = outage;
  return {
    ...{ id, version, kind, status, cause, startsAt: startsAt.toISOString() },
    ...{
      estimatedRestorationAt: estimatedRestorationAt.toISOString(),
      estimateSource,
      restoredAt: restoredAt?.toISOString() ?? null,
    },
  };
}

function detailsOf(outage: Outage) {
  const { nodeIds, ownNodeIds, draftedBy, approvedBy, isConfirmed, pending } = outage;
  const people = { draftedBy, approvedBy, isConfirmed };
  return { ...summaryOf(outage), nodeIds, ownNodeIds, ...people, pending: pending.map(pendingChange) };
}
