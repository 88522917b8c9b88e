import type { ClaimedChunk } from './claim-chunk.ts';

/** Whether mobile `x` belongs to the chunk: chunk 0 is those who hear first, the others are ranges without them. */
export const IN_CHUNK = `
  case when cast(:isFirst as bool)
       then x.mobile_index in (select f.mobile_index from run_first f where f.run_id = :runId)
       else x.mobile_index >= cast(:rangeFrom as bigint) and x.mobile_index <= cast(:rangeTo as bigint)
            and x.mobile_index not in (select f.mobile_index from run_first f where f.run_id = :runId) end`;

/** Gives the bindings that IN_CHUNK needs. */
export function rangeBindings(chunk: Pick<ClaimedChunk, 'rangeFrom' | 'rangeTo'>): Record<string, string | boolean> {
  return { isFirst: chunk.rangeFrom === null, rangeFrom: chunk.rangeFrom ?? '0', rangeTo: chunk.rangeTo ?? '0' };
}
