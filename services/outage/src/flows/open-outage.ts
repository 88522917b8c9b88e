import { appendEvents } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { decide } from '../domain/decide.ts';
import { windowOf } from '../domain/open-outage.ts';
import type { AnnouncePlannedWork, OutageDecision, ReportOutage, Surroundings } from '../domain/outage.ts';
import { findOutageOnNodes } from '../store/find-outage-on-nodes.ts';
import { findUnknownNodes } from '../store/find-unknown-nodes.ts';
import { insertOutage } from '../store/insert-outage.ts';
import { lockOpenings } from '../store/lock-openings.ts';
import { noteEvents } from '../store/note-events.ts';

/** An opening as the caller means it; what surrounds it is read here. */
export type Opening = Omit<AnnouncePlannedWork, keyof Surroundings> | Omit<ReportOutage, keyof Surroundings>;
/** Now, and the trace in which this happens. */
export type Moment = { readonly now: Date; readonly traceId: string | null };
/** The decision, and what it was based on, so that a refusal can name it. */
export type Opened = { readonly decision: OutageDecision; readonly surroundings: Surroundings };

/** Opens an outage inside the caller's transaction: looks around under the lock, decides, stores, and appends the event. */
export async function openOutage(tx: Transaction, opening: Opening, { now, traceId }: Moment): Promise<Opened> {
  await lockOpenings(tx);
  const surroundings = await lookAround(tx, opening, now);
  const decision = decide(null, { ...opening, ...surroundings }, now);
  if (decision.accepted) {
    await insertOutage(tx, decision.state);
    await noteEvents(tx, decision.events, traceId);
    await appendEvents(tx, 'outage.outage.v1', decision.events);
  }
  return { decision, surroundings };
}

async function lookAround(tx: Transaction, opening: Opening, now: Date): Promise<Surroundings> {
  const { nodeIds, type } = opening;
  const kind = type === 'announce-planned-work' ? 'planned' : 'unplanned';
  return {
    unknownNodes: await findUnknownNodes(tx, nodeIds),
    alreadyOutIn: await findOutageOnNodes(tx, { kind, nodeIds, ...windowOf(opening, now) }),
  };
}
