import { BARRED_NUMBERS } from '../../domain/who-may-hear-less.ts';

/** Whether a contact has a number that one may send to, as SQL over a row of the audience. */
export function IS_REACHABLE(row: string): string {
  const barred = BARRED_NUMBERS.map((state) => `'${state}'`).join(', ');
  return `(${row}.sealed_number is not null and ${row}.number_state not in (${barred}))`;
}
