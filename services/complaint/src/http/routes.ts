import type { Endpoint } from '@bijli/service';
import { answerQuestionEndpoint } from './answer-question.ts';
import { assignComplaint } from './assign-complaint.ts';
import { beginWork } from './begin-work.ts';
import type { HttpContext } from './context.ts';
import { getComplaintEndpoint } from './get-complaint.ts';
import { getHistoryEndpoint } from './get-history.ts';
import { listComplaintsEndpoint } from './list-complaints.ts';
import { listKinds } from './list-kinds.ts';
import { lodgeComplaintEndpoint } from './lodge-complaint.ts';
import { reopenComplaintEndpoint } from './reopen-complaint.ts';
import { resolveComplaint } from './resolve-complaint.ts';

/** This function will list the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    lodgeComplaintEndpoint(context),
    assignComplaint(context),
    beginWork(context),
    resolveComplaint(context),
    answerQuestionEndpoint(context),
    reopenComplaintEndpoint(context),
    getComplaintEndpoint(context),
    getHistoryEndpoint(context),
    listComplaintsEndpoint(context),
    listKinds(),
  ];
}
