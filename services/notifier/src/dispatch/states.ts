import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import type { StatedMessage } from '../store/messages/record-states.ts';
import type { DispatchContext } from './context.ts';

/** What became of a message, in the words of its chunk. */
export function stateOf(
  { provider }: Pick<DispatchContext, 'provider'>,
  { runDay, runId, chunkNo, epoch }: ClaimedChunk,
  {
    seq,
    sendNo,
    state,
    commandStatus = null,
    messageIds = null,
    recordedAt = new Date(),
  }: Pick<StatedMessage, 'seq' | 'sendNo' | 'state'> &
    Partial<Pick<StatedMessage, 'commandStatus' | 'messageIds' | 'recordedAt'>>,
): StatedMessage {
  return {
    runDay,
    runId,
    chunkNo,
    epoch,
    seq,
    sendNo,
    state,
    commandStatus,
    messageIds,
    provider,
    recordedAt,
  };
}
