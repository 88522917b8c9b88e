import type { OutageEvent } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { contextOf, currentTraceId, withSpan } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { decide } from '../domain/decide.ts';
import type { Outage, PendingChange } from '../domain/outage.ts';
import { findNodesOfOutages } from '../store/find-nodes-of-outages.ts';
import { loadOutageForUpdate } from '../store/load-outage-for-update.ts';
import { lockSubstations } from '../store/lock-substations.ts';
import { networkOfOutage } from './look-around.ts';
import { saveDecision } from './save-decision.ts';

/** What became of an outage by the time that passed: the events that tell it, and the changes that waited and cannot be any more. */
export type Passed = {
  readonly state: Outage;
  readonly events: readonly OutageEvent[];
  readonly letGo: readonly PendingChange[];
};

/** Makes happen what is due of an outage, inside the caller's transaction; null where there is none. Of several replicas the first does it. */
export async function passTimeOf(tx: Transaction, id: string, now: Date): Promise<Passed | null> {
  await lockSubstations(tx, await findNodesOfOutages(tx, { outageIds: [id], sourceIds: [] }));
  const outage = await loadOutageForUpdate(tx, id);
  return outage === null ? null : await passTime(tx, outage, now);
}

/** Makes happen what is due of an outage that the caller's transaction holds locked, one thing after the other, each in the trace in which it was said. */
export async function passTime(tx: Transaction, outage: Outage, now: Date): Promise<Passed> {
  let passed: Passed = { state: outage, events: [], letGo: [] };
  for (let before: Outage | null = null; before !== passed.state; ) {
    before = passed.state;
    passed = await nextThing(tx, passed, now);
  }
  return passed;
}

async function nextThing(tx: Transaction, { state, events, letGo }: Passed, now: Date): Promise<Passed> {
  const due = state.pending.find(({ dueAt }) => dueAt <= now);
  const parent = due === undefined ? {} : { parent: contextOf(due.traceparent) };
  return await withSpan('make what is due happen', parent, async () => {
    const network = await networkOfOutage(tx, state, state.pending);
    const decided = decide(state, { type: 'pass-time', eventId: newId(), network }, now);
    const { decision } = await saveDecision(tx, state, decided, currentTraceId());
    if (!decision.accepted || decision.state === state) return { state, events, letGo };
    const isLetGo = due !== undefined && decision.events.length === 0;
    return {
      state: decision.state,
      events: [...events, ...decision.events],
      letGo: isLetGo ? [...letGo, due] : letGo,
    };
  });
}
