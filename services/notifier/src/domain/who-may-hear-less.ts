import type { AudienceRow } from './audience-row.ts';

/** What of a contact decides whether a text that waits for it may still go. */
export type ContactState = Pick<
  AudienceRow,
  | 'connectionId'
  | 'contactNo'
  | 'connectionState'
  | 'mobileIndex'
  | 'numberState'
  | 'wantsOutages'
  | 'wantsBilling'
  | 'wantsComplaints'
>;
/** Names a contact. */
export type ContactKey = Pick<AudienceRow, 'connectionId' | 'contactNo'>;

/** States of a number to which nothing is sent. */
export const BARRED_NUMBERS = ['malformed', 'suspect', 'revoked', 'quarantined'] as const;

const isBarred = ({ numberState }: ContactState): boolean =>
  (BARRED_NUMBERS as readonly string[]).includes(numberState);
const nameOf = ({ connectionId, contactNo }: ContactKey): string => `${connectionId}/${contactNo}`;

/**
 * Finds the contacts to whom a text that was meant for them may not go any more: they are gone, their number is another one or in doubt, they
 * refused something, or their connection is not active any more.
 */
export function whoMayHearLess(before: readonly ContactState[], after: readonly ContactState[]): ContactKey[] {
  const now = new Map(after.map((contact) => [nameOf(contact), contact]));
  return before.filter((was) => hearsLess(was, now.get(nameOf(was))));
}

function hearsLess(was: ContactState, is: ContactState | undefined): boolean {
  if (is === undefined || is.mobileIndex !== was.mobileIndex) return true;
  return (
    (isBarred(is) && !isBarred(was)) ||
    (is.connectionState !== 'active' && was.connectionState === 'active') ||
    (was.wantsOutages && !is.wantsOutages) ||
    (was.wantsBilling && !is.wantsBilling) ||
    (was.wantsComplaints && !is.wantsComplaints)
  );
}
