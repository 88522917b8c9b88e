/** Writes the order in which the first row of one message is where it stands, as domain/message-states.ts folds it; `row` names its table. */
export function FURTHEST_FIRST(row: string): string {
  return `${row}.state = 'accepted' desc, ${row}.send_no desc,
          array_position(array['underway', 'ambiguous', 'in-doubt', 'returned', 'deferred', 'blocked', 'superseded', 'stale',
                               'unrenderable', 'rejected', 'accepted'], ${row}.state) desc`;
}
