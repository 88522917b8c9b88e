import type { Transaction } from '@bijli/postgres';
import type { AnswerQuestion, ComplaintDecision, ReopenComplaint, WorkingCommand } from '../domain/complaint.ts';
import { decide } from '../domain/decide.ts';
import { findConnection } from '../store/find-connection.ts';
import { loadComplaintForUpdate } from '../store/load-complaint-for-update.ts';
import { findOpenComplaint, lockLodging } from '../store/lodged-before.ts';
import { type Moment, saveDecision } from './save-decision.ts';

/** The account number with which somebody speaks as the consumer; whose it is is read here. */
type BySomebody<Command> = Omit<Command, 'connectionId' | 'openElsewhere'> & { readonly accountNumber: string };
export type Answering = BySomebody<AnswerQuestion>;
export type Reopening = BySomebody<ReopenComplaint>;

/** Takes work on a complaint one step on inside the caller's transaction. */
export async function workOnComplaint(
  tx: Transaction,
  complaintNumber: string,
  command: WorkingCommand,
  moment: Moment,
): Promise<ComplaintDecision> {
  const complaint = await loadComplaintForUpdate(tx, complaintNumber);
  return await saveDecision(tx, decide(complaint, command, moment.now), moment);
}

/** Takes the consumer's answer to "is it back?" inside the caller's transaction. */
export async function answerQuestion(
  tx: Transaction,
  complaintNumber: string,
  { accountNumber, ...answer }: Answering,
  moment: Moment,
): Promise<ComplaintDecision> {
  const connection = await findConnection(tx, accountNumber);
  const complaint = await loadComplaintForUpdate(tx, complaintNumber);
  const command = { ...answer, connectionId: connection?.connectionId ?? null };
  return await saveDecision(tx, decide(complaint, command, moment.now), moment);
}

/**
 * Opens a complaint again inside the caller's transaction: under the lock of the connection, so that not two complaints
 * of a kind are open. The lock comes first, as in lodging.
 */
export async function reopenComplaint(
  tx: Transaction,
  complaintNumber: string,
  { accountNumber, ...reopening }: Reopening,
  moment: Moment,
): Promise<ComplaintDecision> {
  const connectionId = (await findConnection(tx, accountNumber))?.connectionId ?? null;
  if (connectionId !== null) await lockLodging(tx, connectionId);
  const complaint = await loadComplaintForUpdate(tx, complaintNumber);
  const open =
    complaint?.connectionId === connectionId && complaint.status === 'closed'
      ? await findOpenComplaint(tx, connectionId, complaint.kind)
      : null;
  const command = { ...reopening, connectionId, openElsewhere: open?.complaintNumber ?? null };
  return await saveDecision(tx, decide(complaint, command, moment.now), moment);
}
