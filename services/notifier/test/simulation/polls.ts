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
];
/** Whether there is a chunk to hold: where one waits for its time, the time matters too. */
const HOLDS = /^\s*with free as \(\s+select c\.run_id, c\.chunk_no/;
/** What they say holds for so long at most. */
const COUNTS_FOR_MS = 3_000;

/** Most of what an idle notifier asks has the same answer each time: it is not asked again while nothing else is done. */
export function openPolls(chunksWait: () => Promise<boolean>): Polls {
  const answers = new Map<string, { readonly at: number; readonly answer: Answer }>();
  const isAskedAgain = (text: string): boolean => ASKED_AGAIN.some((pattern) => pattern.test(text));
  const keyOf = ({ text, values }: Statement): string => `${text}${JSON.stringify(values)}`;
  return {
    known: (statement, now) => {
      if (answers.size === 0 || !(isAskedAgain(statement.text) || HOLDS.test(statement.text))) return null;
      const known = answers.get(keyOf(statement));
      return known !== undefined && now - known.at < COUNTS_FOR_MS ? known.answer : null;
    },
    note: async (statement, answer, now) => {
      const { text } = statement;
      if (isAskedAgain(text) || (HOLDS.test(text) && !(await chunksWait())))
        answers.set(keyOf(statement), { at: now, answer });
    },
    forget: () => answers.clear(),
  };
}

const BEAT = /^\s*insert into holder as h \(holder_id, beat, leased_until\) values/;
const LOCKS = /\bfor\s+(no\s+key\s+|key\s+)?(update|share)\b/i;

/** Whether a statement left everything as it was, and locks nothing that others pass by. */
export function changesNothing({ text }: Statement, { error, result }: Answer): boolean {
  if (error !== null || BEAT.test(text) || /^\s*begin\b/i.test(text)) return true;
  if (/^\s*select\b/i.test(text)) return !LOCKS.test(text);
  const rows = (result as { rowCount?: number | null } | null)?.rowCount ?? 1;
  return rows === 0 && (HOLDS.test(text) || !LOCKS.test(text));
}
