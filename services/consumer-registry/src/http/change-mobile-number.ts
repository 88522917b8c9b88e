import { isPostgresError, withTransaction } from '@bijli/postgres';
import { endpoint, failpoint, ifMatch, isChanged as isChangedMember, type Reply, versionTag } from '@bijli/service';
import {
  blindIndex,
  maskMobileNumber,
  type MobileNumber,
  mentionsMobileNumber,
  newId,
  parseMobileNumber,
  sealMobileNumber,
} from '@bijli/units';
import { z } from 'zod';
import type { ChangeMobileNumber } from '../domain/change-mobile-number.ts';
import { contactOf, type KeptNumber } from '../domain/connection.ts';
import { changeMobileNumber, type NumberDecision, type RequestedChange } from '../flows/change-mobile-number.ts';
import type { NumberKeys } from '../flows/stage-connection-row.ts';
import { accountNumber, connectionUnknown, contactNo } from './account-param.ts';
import type { HttpContext } from './context.ts';
import { importRunningReply, malformedReply, numberWarning, rejectionReply, warningsOf } from './number-problems.ts';

const LONGEST_NUMBER = 100;

const body = z.strictObject({
  mobileNumber: z.string().max(LONGEST_NUMBER).meta({
    description:
      'Ten digits of any script as people write them: with 0, 91, +91 or 0091 before them, with spaces, dashes, dots or brackets. Of two numbers the first is taken',
    example: '+91 98765 43210',
  }),
  source: z.enum(['je', 'self', 'billing']).meta({ description: 'On whose word' }),
  changedBy: z
    .string()
    .regex(/^(?!.*\d{7})[A-Za-z][A-Za-z0-9._-]{0,39}$/, {
      error: 'Write the id of a person, not a name or a number',
      abort: true,
    })
    .refine((id) => !mentionsMobileNumber(id), {
      error: 'Write the id of a person, not a number',
      params: { rule: 'mobile-number' },
    })
    .meta({ description: 'Id of who enters it', example: 'je-221' }),
  language: z.enum(['hi', 'en']).default('hi').meta({ description: 'Language of a contact that this number makes' }),
});

const changedBody = z.strictObject({
  accountNumber: z.string(),
  contactNo: z.int(),
  mobileNumber: z.string().meta({ description: 'Masked', example: '98••••••10' }),
  numberState: z.string(),
  version: z.int(),
  isChanged: isChangedMember,
  warnings: z.array(numberWarning).meta({ description: 'What of the text was not taken; empty otherwise' }),
});

function sealed(keys: NumberKeys, number: MobileNumber): KeptNumber {
  const { block, keyId } = sealMobileNumber(keys.sealKeys, number);
  return { sealed: block, keyId, blindIndex: blindIndex(keys.blindIndexKey, number) };
}

/** Changes the number in one transaction; the wait for an import that is saving its rows is short. */
async function changeInTransaction(
  { db, clock }: HttpContext,
  change: RequestedChange,
): Promise<NumberDecision | 'import-running' | null> {
  try {
    return await withTransaction(db, async (tx) => {
      const decision = await changeMobileNumber(tx, change, clock());
      if (decision?.accepted === true && decision.events.length > 0) await failpoint('number-change.before-commit');
      return decision;
    });
  } catch (error) {
    if (isPostgresError(error, 'lockNotAvailable')) return 'import-running';
    throw error;
  }
}

type Asked = {
  readonly contactNo: number;
  readonly number: MobileNumber;
  readonly warnings: ReturnType<typeof warningsOf>;
};

const reply = (
  { state: connection, events }: Extract<NumberDecision, { accepted: true }>,
  { contactNo, number, warnings }: Asked,
): Reply => ({
  status: 200,
  headers: { etag: versionTag(connection.version) },
  body: {
    accountNumber: connection.accountNumber,
    contactNo,
    mobileNumber: maskMobileNumber(number),
    numberState: contactOf(connection, contactNo)?.numberState,
    version: connection.version,
    isChanged: events.length > 0,
    warnings,
  },
});

/** Gives a contact its mobile number, for the first time or anew; the same number again does nothing. */
export function changeMobileNumberEndpoint(context: HttpContext) {
  return endpoint({
    method: 'put',
    path: '/v1/connections/{accountNumber}/contacts/{contactNo}/mobile-number',
    operationId: 'changeMobileNumber',
    summary: 'Change or first set the mobile number of a contact',
    description:
      'The same number again changes nothing. Numbers are sealed before they are stored and masked in every ' +
      'answer.',
    params: z.strictObject({ accountNumber, contactNo }),
    headers: z.object({ 'if-match': ifMatch.optional() }),
    body,
    examples: () => ({ body: { mobileNumber: '+91 98765 43210', source: 'je', changedBy: 'je-221' } }),
    responses: {
      200: { description: 'The number is in place', body: changedBody },
      404: { description: 'No such connection or contact' },
      409: { description: 'The connection changed meanwhile, or has 16 contacts' },
      503: { description: 'An import is saving its rows' },
    },
    handle: async ({ params, body: given, headers }) => {
      const parsed = parseMobileNumber(given.mobileNumber);
      if (!parsed.ok) return malformedReply(parsed.rule);
      const { source, language, changedBy } = given;
      const command: ChangeMobileNumber = {
        contactNo: params.contactNo,
        number: sealed(context.keys, parsed.number),
        source,
        language,
        basedOn: headers['if-match'],
        eventId: newId(),
      };
      const decision = await changeInTransaction(context, { accountNumber: params.accountNumber, changedBy, command });
      if (decision === 'import-running') return importRunningReply();
      if (decision === null) return connectionUnknown();
      if (!decision.accepted) return rejectionReply(decision.code);
      const { id: connectionId, version } = decision.state;
      if (decision.events.length > 0) context.log.info({ connectionId, version, source }, 'contact changed');
      const warnings = warningsOf(given.mobileNumber, parsed.secondAt);
      return reply(decision, { contactNo: params.contactNo, number: parsed.number, warnings });
    },
  });
}
