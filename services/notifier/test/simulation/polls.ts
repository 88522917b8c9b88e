import type { Answer, Statement } from './sessions.ts';

/** Answers to questions that are asked again and again. */
export type Polls = {
  /** The answer to a question that was asked a moment ago; null where something was done since, which may have changed it. */
  known(statement: Statement, now: number): Answer | null;
  /** Keeps the answer to a question that stood alone, when it may be kept. */
  note(statement: Statement, answer: Answer, now: number): Promise<void>;
  forget(): void;
};

/** Questions whose answer changes by what is written, or by an hour's passing: the first words of each. */
const ASKED_AGAIN = [
  /^\s*select s\.is_stopped, r\.run_id,/,
  /^\s*delete from run_later l\s+using run r/,
  /^\s*select r\.run_id\s+from run r\s+where r\.state = 'complete'/,
  /^\s*select from run r\s+where \(r\.ended_at is null/,
  /^\s*select to_regclass\(/,
  /^\s*update run set state = 'open', state_reason = 'held-too-long'/,
];
/** Whether there is a chunk to hold: where one waits for its time, the time matters too. */
const HOLDS = /^\s*with free as \(\s+select f\.run_id, f\.chunk_no/;
/** What they say holds for so long at most. */
const COUNTS_FOR_MS = 10_000;

/**
 * Most of what an idle notifier asks has the same answer each time: it is not asked again while nothing else is done. `nextChunkInMs`: when the
 * next chunk comes of age that waits for its time, infinity where none does.
 */
export function openPolls(nextChunkInMs: () => Promise<number>): Polls {
  const answers = new Map<string, { readonly until: number; readonly answer: Answer }>();
  const isAskedAgain = (text: string): boolean => ASKED_AGAIN.some((pattern) => pattern.test(text));
  const keyOf = ({ text, values }: Statement): string => `${text}${JSON.stringify(values)}`;
  return {
    known: (statement, now) => {
      if (answers.size === 0 || !(isAskedAgain(statement.text) || HOLDS.test(statement.text))) return null;
      const known = answers.get(keyOf(statement));
      return known !== undefined && now < known.until ? known.answer : null;
    },
    note: async (statement, answer, now) => {
      const holds = HOLDS.test(statement.text);
      if (!holds && !isAskedAgain(statement.text)) return;
      const forMs = holds ? Math.min(COUNTS_FOR_MS, await nextChunkInMs()) : COUNTS_FOR_MS;
      answers.set(keyOf(statement), { until: now + forMs, answer });
    },
    forget: () => answers.clear(),
  };
}

const BEAT = /^\s*insert into holder as h \(holder_id, beat, leased_until\) values/;
/** The account is nobody's business but of those who take from it, who ask it each time. */
const ACCOUNT = /\baccount_bucket\b/;
const LOCKS = /\bfor\s+(no\s+key\s+|key\s+)?(update|share)\b/i;

/** Whether a statement left everything as it was, and locks nothing that others pass by from now on. */
export function changesNothing({ text }: Statement, { error, result }: Answer, isLonely: boolean): boolean {
  if (error !== null || BEAT.test(text) || ACCOUNT.test(text)) return true;
  if (/^\s*select\b/i.test(text)) return isLonely || !LOCKS.test(text);
  const rows = (result as { rowCount?: number | null } | null)?.rowCount ?? 1;
  return rows === 0 && (isLonely || !LOCKS.test(text));
}
