import type { Transaction } from '@bijli/postgres';
import type { Complaint, ComplaintDecision, LodgeComplaint, OutageFacts } from '../domain/complaint.ts';
import { decide } from '../domain/decide.ts';
import { complaintToJoin } from '../domain/lodge-complaint.ts';
import { refuse } from '../domain/outcome.ts';
import { type FoundConnection, findConnection } from '../store/find-connection.ts';
import { findExplainingOutage } from '../store/find-explaining-outage.ts';
import { findAnsweredComplaint, findOpenComplaint, lockLodging } from '../store/lodged-before.ts';
import { takeComplaintNumber } from '../store/take-complaint-number.ts';
import { type Moment, saveDecision } from './save-decision.ts';

/** A complaint as the caller means it; what is known of the connection is read here. */
export type Lodging = Omit<LodgeComplaint, 'connection' | 'outage' | 'complaintNumber'> & {
  readonly accountNumber: string;
};
/** The decision, and whether it is about a complaint that was there before. */
export type Lodged = { readonly decision: ComplaintDecision; readonly joined: boolean };

/**
 * Lodges a complaint inside the caller's transaction: looks around under the lock of the connection, decides on the complaint
 * that this one joins or on a new one with its number, stores, and appends the event.
 */
export async function lodgeComplaint(
  tx: Transaction,
  { accountNumber, ...lodging }: Lodging,
  moment: Moment,
): Promise<Lodged> {
  const connection = await findConnection(tx, accountNumber);
  if (connection === null) return { decision: refuse('unknown-account'), joined: false };
  await lockLodging(tx, connection.connectionId);
  const outage = await explanation(tx, lodging, connection, moment.now);
  const before = await joinable(tx, lodging, connection, outage);
  const complaintNumber = before?.complaintNumber ?? (await takeComplaintNumber(tx, moment.now));
  const decision = decide(before, { ...lodging, complaintNumber, connection, outage }, moment.now);
  return { decision: await saveDecision(tx, decision, moment), joined: before !== null };
}

/** An outage explains that there is no supply; a blown fuse or a wrong bill it does not. */
async function explanation(
  tx: Transaction,
  { kind }: Pick<LodgeComplaint, 'kind'>,
  { nodeCode }: FoundConnection,
  now: Date,
): Promise<OutageFacts | null> {
  if (kind !== 'no-supply' || nodeCode === null) return null;
  return await findExplainingOutage(tx, nodeCode, now);
}

async function joinable(
  tx: Transaction,
  { kind }: Pick<LodgeComplaint, 'kind'>,
  { connectionId }: FoundConnection,
  outage: OutageFacts | null,
): Promise<Complaint | null> {
  const open = await findOpenComplaint(tx, connectionId, kind);
  const answered = outage === null ? null : await findAnsweredComplaint(tx, connectionId, outage.outageId);
  return complaintToJoin({ open, answered }, outage);
}
