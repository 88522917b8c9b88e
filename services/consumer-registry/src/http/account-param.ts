import { accountNumberAs, problem } from '@bijli/service';
import { z } from 'zod';

/** An account number as people know it: today's or an old one. */
export const accountNumber = accountNumberAs(/^[A-Za-z0-9/-]{3,20}$/, 'Write an account number').meta({
  description: 'The account number, or an old one of the same connection',
  example: '4100000005',
});

/** Number of a contact within its connection. */
export const contactNo = z
  .string()
  .regex(/^([1-9]|1[0-6])$/, 'Write a number from 1 to 16')
  .transform(Number)
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: 16,
    description: 'Number of the contact within its connection',
    example: 1,
  });

/** The answer to an account number that nobody has. */
export function connectionUnknown() {
  return problem(404, 'connection-unknown', 'There is no such connection');
}
