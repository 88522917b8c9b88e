import { query, type Transaction } from '@bijli/postgres';

/** An outage as its service tells it. */
export type HeardOutage = {
  readonly outageId: string;
  readonly version: number;
  readonly kind: string;
  readonly status: string;
  readonly cause: string;
  readonly startsAt: Date;
  readonly estimatedRestorationAt: Date;
  readonly nodeCodes: readonly string[];
  /** Nodes of which only what hangs on them directly is without supply. */
  readonly ownNodeCodes: readonly string[];
};

/**
 * Stores outages, each id at most once, and leaves alone those of which it knows the same or a newer version. Of one that is over the nodes
 * go: it explains nothing any more. Over is also what has a status that this release does not know.
 */
export async function upsertOutages(tx: Transaction, outages: readonly HeardOutage[]): Promise<void> {
  const rows = await query<{ outage_id: string }>(
    tx,
    `insert into outage as known (outage_id, version, kind, status, cause, starts_at, estimated_restoration_at)
     select * from unnest(:outageIds::uuid[], :versions::bigint[], :kinds::text[], :statuses::text[], :causes::text[], :startsAt::timestamptz[], :estimatedRestorationAt::timestamptz[])
     on conflict (outage_id) do update
       set version = excluded.version, kind = excluded.kind, status = excluded.status, cause = excluded.cause,
           starts_at = excluded.starts_at, estimated_restoration_at = excluded.estimated_restoration_at
     where excluded.version > known.version
     returning outage_id`,
    {
      outageIds: outages.map(({ outageId }) => outageId),
      versions: outages.map(({ version }) => version),
      kinds: outages.map(({ kind }) => kind),
      statuses: outages.map(({ status }) => status),
      causes: outages.map(({ cause }) => cause),
      startsAt: outages.map(({ startsAt }) => startsAt),
      estimatedRestorationAt: outages.map(({ estimatedRestorationAt }) => estimatedRestorationAt),
    },
  );
  const fresh = new Set(rows.map(({ outage_id }) => outage_id));
  await replaceNodes(
    tx,
    outages.filter(({ outageId }) => fresh.has(outageId)),
  );
}

/** As find-explaining-outage.ts asks for them. */
const STANDING: ReadonlySet<string> = new Set(['announced', 'open']);

async function replaceNodes(tx: Transaction, outages: readonly HeardOutage[]): Promise<void> {
  await query(tx, 'delete from outage_node where outage_id = any(:outageIds::uuid[])', {
    outageIds: outages.map(({ outageId }) => outageId),
  });
  const out = outages
    .filter(({ status }) => STANDING.has(status))
    .flatMap(({ outageId, nodeCodes, ownNodeCodes }) => [
      ...nodeCodes.map((nodeCode) => ({ outageId, nodeCode, isOwn: false })),
      ...ownNodeCodes.map((nodeCode) => ({ outageId, nodeCode, isOwn: true })),
    ]);
  await query(
    tx,
    `insert into outage_node (outage_id, node_code, is_own)
     select * from unnest(:outageIds::uuid[], :nodeCodes::text[], :areOwn::bool[]) on conflict do nothing`,
    {
      outageIds: out.map(({ outageId }) => outageId),
      nodeCodes: out.map(({ nodeCode }) => nodeCode),
      areOwn: out.map(({ isOwn }) => isOwn),
    },
  );
}
