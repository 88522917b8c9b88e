import { instantText, isChanged, type Reply, versionTag } from '@bijli/service';
import { z } from 'zod';
import { causeCodes } from '../domain/causes.ts';
import type { Outage } from '../domain/outage.ts';
import type { HappenedEvent } from '../store/get-outage.ts';
import type { ListedOutage } from '../store/list-outages.ts';

/** A trace in an answer. */
export const traceId = z
  .string()
  .length(32)
  .nullable()
  .meta({ description: 'Trace of the request, for `npm run trace`', example: '4bf92f3577b34da6a3ce929d0e0e4736' });

const summary = {
  id: z.uuid().meta({ description: 'UUIDv7 of the outage' }),
  version: z.int().min(1).meta({ description: 'Number of its latest event; also the ETag' }),
  kind: z.enum(['planned', 'unplanned']),
  status: z.enum(['announced', 'open', 'restored']),
  cause: z.enum(causeCodes),
  startsAt: instantText,
  estimatedRestorationAt: instantText,
  restoredAt: instantText.nullable(),
};

/** An outage after what was asked of it. */
export const changedOutageSchema = z
  .strictObject({ ...summary, nodeIds: z.array(z.string()), isChanged })
  .meta({ id: 'ChangedOutage' });
/** An outage with what happened to it. */
export const outageWithEventsSchema = z
  .strictObject({
    ...summary,
    nodeIds: z.array(z.string()),
    traceId: traceId,
    events: z.array(z.strictObject({ version: z.int(), type: z.string(), occurredAt: instantText, traceId })),
  })
  .meta({ id: 'OutageWithEvents' });
/** An outage in a list. */
export const listedOutageSchema = z.strictObject({ ...summary, nodeCount: z.int() }).meta({ id: 'ListedOutage' });

/** Headers of an answer that carries one outage. */
export const outageHeaders = z.object({
  etag: z.string().meta({ description: 'Its version, for If-Match' }),
  'trace-id': z.string().optional().meta({ description: 'Trace of this request, where it is traced' }),
});

/** Headers of the answer to what opened one. */
export const openedHeaders = outageHeaders.extend({
  location: z.string().meta({ description: 'Address of the outage' }),
});

/** Answers with an outage at its version, and whether it is another one now. */
export function changedOutageReply(status: 200 | 201, outage: Outage, isOther: boolean): Reply {
  const headers = {
    etag: versionTag(outage.version),
    ...(status === 201 ? { location: `/v1/outages/${outage.id}` } : {}),
  };
  return { status, body: { ...times(outage), nodeIds: outage.nodeIds, isChanged: isOther }, headers };
}

/** Answers with an outage, what happened to it, and the trace of the latest event. */
export function outageWithEventsReply(outage: Outage, events: readonly HappenedEvent[]): Reply {
  const body = {
    ...times(outage),
    nodeIds: outage.nodeIds,
    traceId: events.at(-1)?.traceId ?? null,
    events: events.map((event) => ({ ...event, occurredAt: event.occurredAt.toISOString() })),
  };
  return { status: 200, body, headers: { etag: versionTag(outage.version) } };
}

/** Writes an outage as it stands in a list. */
export function listedOutage(outage: ListedOutage): z.output<typeof listedOutageSchema> {
  return { ...times(outage), nodeCount: outage.nodeCount };
}

function times({
  id,
  version,
  kind,
  status,
  cause,
  startsAt,
  estimatedRestorationAt,
  restoredAt,
}: Omit<Outage, 'nodeIds'>) {
  return {
    id,
    version,
    kind,
    status,
    cause,
    startsAt: startsAt.toISOString(),
    estimatedRestorationAt: estimatedRestorationAt.toISOString(),
    restoredAt: restoredAt?.toISOString() ?? null,
  };
}
