import type { Endpoint } from '@bijli/service';
import {
  answerQuestionEndpoint,
  assignComplaintEndpoint,
  beginWorkEndpoint,
  reopenComplaintEndpoint,
  resolveComplaintEndpoint,
} from './change-complaint.ts';
import type { HttpContext } from './context.ts';
import { getComplaintEndpoint } from './get-complaint.ts';
import { getHistoryEndpoint } from './get-history.ts';
import { listComplaintsEndpoint } from './list-complaints.ts';
import { listKindsEndpoint } from './list-kinds.ts';
import { lodgeComplaintEndpoint } from './lodge-complaint.ts';

/** Lists the endpoints of the service. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    lodgeComplaintEndpoint(context),
    assignComplaintEndpoint(context),
    beginWorkEndpoint(context),
    resolveComplaintEndpoint(context),
    answerQuestionEndpoint(context),
    reopenComplaintEndpoint(context),
    getComplaintEndpoint(context),
    getHistoryEndpoint(context),
    listComplaintsEndpoint(context),
    listKindsEndpoint(),
  ];
}
