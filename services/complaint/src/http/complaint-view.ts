import { instantText, isChanged, type Reply, versionTag } from '@bijli/service';
import { z } from 'zod';
import type { Complaint, Question } from '../domain/complaint.ts';
import { area, kind, status } from './request-schemas.ts';

export const proof = z.enum(['consumer-confirmed', 'time-out']);
/** The question "is it back?" in an answer. */
export const questionSchema = z
  .strictObject({
    askedAt: instantText,
    askedHow: z.enum(['sms']),
    eventId: z.uuid().meta({ description: 'The ComplaintResolved whose text asks' }),
    answerDueAt: instantText.meta({ description: 'From then on it may be closed by time-out' }),
  })
  .meta({ id: 'Question' });

const fields = {
  complaintNumber: z.string().meta({ example: 'CMP-2026-0004217' }),
  id: z.uuid().meta({ description: 'UUIDv7 of the complaint, the key of its events' }),
  version: z.int().min(1).meta({ description: 'Number of its latest event; also the ETag' }),
  status,
  kind,
  area,
  accountNumber: z.string(),
  cycle: z.int().min(1).meta({ description: 'From 1; one more each time it is reopened' }),
  escalationLevel: z.int().min(0),
  officeCode: z.string().nullable(),
  lodgedAt: instantText,
  dueAt: instantText.nullable().meta({ description: 'By the service standard; null where no clock runs' }),
  outageId: z.uuid().nullable().meta({ description: 'The open outage that explains it' }),
  cause: z.string().nullable(),
  estimatedRestorationAt: instantText.nullable(),
  question: questionSchema.nullable(),
  proof: proof.nullable().meta({ description: 'Why it may be called closed' }),
  closedAt: instantText.nullable(),
  joinedCount: z.int().min(0).meta({ description: 'How often the same was lodged again' }),
};

/** A complaint in an answer. */
export const complaintSchema = z.strictObject(fields).meta({ id: 'Complaint' });
/** A complaint after what was asked of it. */
export const changedComplaintSchema = z.strictObject({ ...fields, isChanged }).meta({ id: 'ChangedComplaint' });
/** A complaint as it is answered to the one who lodges it. */
export const lodgedComplaintSchema = z
  .strictObject({
    ...fields,
    joined: z.boolean().meta({ description: 'true where it was there before' }),
    isChanged,
  })
  .meta({ id: 'LodgedComplaint' });

/** Headers of an answer that carries one complaint. */
export const complaintHeaders = z.object({
  etag: z.string().meta({ description: 'Its version, for If-Match' }),
  'trace-id': z.string().optional().meta({ description: 'Trace of this request, where it is traced' }),
});

/** Answers with a complaint at its version. */
export function complaintReply(complaint: Complaint): Reply {
  return { status: 200, body: complaintView(complaint), headers: { etag: versionTag(complaint.version) } };
}

/** Answers with a complaint that was changed: what changes nothing is refused. */
export function changedReply(complaint: Complaint): Reply {
  const { body, ...reply } = complaintReply(complaint);
  return { ...reply, body: { ...(body as object), isChanged: true } };
}

/** What lodging came to: whether it joined a complaint that was there, and whether anything was told of it. */
export type LodgedHow = { readonly joined: boolean; readonly isOther: boolean };

/** Answers the one who lodges a complaint with its number: 201 where it is new, 200 where it was there before. */
export function lodgedReply(complaint: Complaint, { joined, isOther }: LodgedHow): Reply {
  const { complaintNumber, version } = complaint;
  return {
    status: joined ? 200 : 201,
    body: { ...complaintView(complaint), joined, isChanged: isOther },
    headers: { etag: versionTag(version), location: `/v1/complaints/${complaintNumber}` },
  };
}

/** Writes a complaint as it stands in an answer; the connection's id stays inside. */
export function complaintView(complaint: Complaint): z.output<typeof complaintSchema> {
  const { connectionId: _inside, lodgedAt, dueAt, estimatedRestorationAt, question, closedAt, ...rest } = complaint;
  return {
    ...rest,
    lodgedAt: lodgedAt.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
    estimatedRestorationAt: estimatedRestorationAt?.toISOString() ?? null,
    question: question === null ? null : questionView(question),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

/** Writes a question as it stands in an answer. */
export function questionView({ askedAt, answerDueAt, ...rest }: Question): z.output<typeof questionSchema> {
  return { ...rest, askedAt: askedAt.toISOString(), answerDueAt: answerDueAt.toISOString() };
}
