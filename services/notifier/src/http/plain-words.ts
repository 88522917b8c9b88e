import { z } from 'zod';

/** A mobile number has ten digits, however they are spaced and in whatever script. */
const MOST_DIGITS = 9;

/**
 * Takes what a person writes about themselves or about a reason: it is kept, shown and logged, so neither a number that may be somebody's
 * nor a character that is not seen may stand in it.
 */
export const plainWords = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => !/\p{C}/u.test(text), {
      error: 'Write characters that can be seen',
      params: { rule: 'invisible-character' },
    })
    .refine((text) => (text.match(/\p{Nd}/gu)?.length ?? 0) <= MOST_DIGITS, {
      error: 'Write fewer than ten digits: a number may be somebody’s',
      params: { rule: 'too-many-digits' },
    });
