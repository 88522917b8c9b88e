import type { ComplaintEvent, Decision } from '@bijli/events';

export type Kind = ComplaintEvent['kind'];
/** Where the connection is; a town's clock is the shorter one. */
export type Area = 'town' | 'village';
export type Status = ComplaintEvent['status'];
export type Proof = NonNullable<ComplaintEvent['proof']>;

/** The question "is it back?" and how it reaches the consumer: what a time-out stands on. */
export type Question = {
  readonly askedAt: Date;
  /** By the text that ComplaintResolved causes; whether it reached a handset is in the notifier's ledger under `eventId`. */
  readonly askedHow: 'sms';
  /** Id of the ComplaintResolved that asks. */
  readonly eventId: string;
  /** From this instant on silence may be taken for an answer. */
  readonly answerDueAt: Date;
};

/** One complaint as it stands. Instants are UTC. */
export type Complaint = {
  readonly id: string;
  /** Number of its latest event. */
  readonly version: number;
  readonly complaintNumber: string;
  readonly connectionId: string;
  readonly accountNumber: string;
  readonly kind: Kind;
  readonly area: Area;
  readonly status: Status;
  readonly cycle: number;
  readonly lodgedAt: Date;
  /** When the service standard wants it fixed; null where no clock runs: answered, resolved, closed. */
  readonly dueAt: Date | null;
  readonly outageId: string | null;
  readonly cause: string | null;
  readonly estimatedRestorationAt: Date | null;
  /** The office that has it, never a person; kept when it is reopened. */
  readonly officeCode: string | null;
  /** From 0; one more each time it comes back, so that the office above looks at it. */
  readonly escalationLevel: number;
  /** How often the same was lodged again while this one was open. */
  readonly joinedCount: number;
  /** Null unless it is resolved or closed. */
  readonly question: Question | null;
  readonly proof: Proof | null;
  readonly closedAt: Date | null;
};

/** Whom a complaint is about, as consumer-registry tells it. */
export type ConnectionFacts = { readonly connectionId: string; readonly accountNumber: string; readonly state: string };
/** An outage that explains why a connection is without supply. */
export type OutageFacts = {
  readonly outageId: string;
  readonly cause: string;
  readonly estimatedRestorationAt: Date;
};

/** Nothing here is free text: it would travel in events and texts. */
export type LodgeComplaint = {
  readonly type: 'lodge-complaint';
  readonly complaintId: string;
  readonly eventId: string;
  /** The number to give where this becomes a complaint of its own. */
  readonly complaintNumber: string;
  readonly kind: Kind;
  readonly area: Area;
  readonly connection: ConnectionFacts;
  readonly outage: OutageFacts | null;
};
type Change = {
  readonly eventId: string;
  /** The version that the caller saw; null where the caller does not say. */
  readonly basedOn: number | null;
};
/** What only the consumer may say: whose account it came with, null where nobody has it. */
type ByConsumer = Change & { readonly connectionId: string | null };

export type AssignComplaint = Change & { readonly type: 'assign-complaint'; readonly officeCode: string };
export type BeginWork = Change & { readonly type: 'begin-work' };
/** `answerWithinMs`: how long the consumer has to say whether it is back. */
export type ResolveComplaint = Change & { readonly type: 'resolve-complaint'; readonly answerWithinMs: number };
/** The consumer's answer to "is it back?". */
export type AnswerQuestion = ByConsumer & { readonly type: 'answer-question'; readonly isBack: boolean };
/** `openElsewhere`: number of another open complaint of this connection and kind, null where there is none. */
export type ReopenComplaint = ByConsumer & { readonly type: 'reopen-complaint'; readonly openElsewhere: string | null };
export type CloseByTimeOut = { readonly type: 'close-by-time-out'; readonly eventId: string };

export type WorkingCommand = AssignComplaint | BeginWork | ResolveComplaint;
export type ChangingCommand = WorkingCommand | AnswerQuestion | ReopenComplaint | CloseByTimeOut;
export type ComplaintCommand = LodgeComplaint | ChangingCommand;

/** Why a command is refused; http/problems.ts says it in words. */
export type RejectionCode =
  | 'unknown-account'
  | 'connection-closed'
  | 'already-exists'
  | 'no-such-complaint'
  | 'stale-version'
  | 'already-assigned'
  | 'not-assigned'
  | 'work-begun'
  | 'already-answered'
  | 'already-resolved'
  | 'already-closed'
  | 'not-resolved'
  | 'closed-too-long-ago'
  | 'open-elsewhere'
  | 'answer-not-due';

export type ComplaintDecision = Decision<Complaint, ComplaintEvent, RejectionCode>;
