import { type Database, query } from '@bijli/postgres';

/** How long the answer to an `Idempotency-Key` is kept at least; the OpenAPI documents say so. */
export const ANSWER_DAYS = 7;
/** Rows of one statement, at most: cleaning must not be felt. */
const ROWS_AT_ONCE = 5_000;

/** Deletes some of the answers that need not be kept any longer. */
export async function cleanAnswers(db: Database): Promise<void> {
  await query(
    db,
    `delete from answered_request
      where (operation, idempotency_key) in (
        select operation, idempotency_key from answered_request where answered_at < now() - :answerDays * interval '1 day' limit :rowsAtOnce)`,
    { answerDays: ANSWER_DAYS, rowsAtOnce: ROWS_AT_ONCE },
  );
}
