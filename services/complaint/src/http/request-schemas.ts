import { accountNumberAs, idempotencyKey, ifMatch } from '@bijli/service';
import { mentionsMobileNumber } from '@bijli/units';
import { z } from 'zod';
import { kinds } from '../domain/service-standards.ts';

/** An account number as people know it: today's or an old one. */
export const accountNumber = accountNumberAs(/^[A-Za-z0-9/-]{3,20}$/, 'Write an account number').meta({
  description: 'The account number, or an old one of the same connection',
  example: '4100000005',
});

export const officeCode = z
  .string()
  .regex(/^[A-Z0-9-]{2,20}$/, 'Write the code of an office: 2 to 20 capitals, digits and dashes')
  .refine((code) => !mentionsMobileNumber(code), {
    error: 'Write the code of an office, not a mobile number',
    params: { rule: 'mobile-number' },
  })
  .meta({ description: 'Code of an office, never the name of a person', example: 'JE-SADAR-03' });

export const kind = z.enum(kinds).meta({ description: 'What is wrong; decides the service-standard clock' });
export const area = z.enum(['town', 'village']).meta({ description: 'A town’s clock is the shorter one' });
export const status = z.enum(['lodged', 'answered', 'assigned', 'in-progress', 'resolved', 'reopened', 'closed']);

/** Without the flag i, which a pattern of OpenAPI cannot have. */
const COMPLAINT_NUMBER = /^[Cc][Mm][Pp]-[0-9]{4}-[0-9]{7}$/;

export const complaintParams = z.object({
  number: z
    .string()
    .regex(COMPLAINT_NUMBER, 'Write a complaint number')
    .transform((number) => number.toUpperCase())
    .meta({
      type: 'string',
      pattern: COMPLAINT_NUMBER.source,
      description: 'Number of the complaint, in any case, for example CMP-2026-0004217',
    }),
});
export const onceHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });
/** Of a request that changes a complaint. */
export const changeHeaders = onceHeaders.extend({ 'if-match': ifMatch.optional() });
