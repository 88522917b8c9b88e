import type { LogNews } from './read-log-news.ts';

/** How a program of the started system is. */
export type ProgramStatus = LogNews & {
  readonly name: string;
  readonly port: number;
  readonly state: 'ready' | 'not ready' | 'down';
  /** What its parts say of themselves, by their name. */
  readonly details: Readonly<Record<string, string>>;
  readonly log: string;
};

/** What GET /v1/sending of the notifier answers. */
export type SendingStatus = {
  readonly isStopped: boolean;
  readonly reason: string;
  readonly changedBy: string;
  readonly changedAt: string;
  readonly link: { readonly isUp: boolean; readonly since: string; readonly problem: string | null };
  readonly openRuns: number;
  readonly waitingContacts: number;
  readonly heldRuns: number;
  readonly refusedRuns: number;
};

/** Dead letters of a subscription that nobody has decided about. */
export type DeadLetterCount = { readonly service: string; readonly subscription: string; readonly waiting: number };

/** How the started system is. */
export type Status = {
  readonly at: string;
  readonly dataFolder: string;
  readonly programs: readonly ProgramStatus[];
  /** Null while the notifier does not say. */
  readonly sending: SendingStatus | null;
  readonly deadLetters: readonly DeadLetterCount[];
  /** Services that do not say how many dead letters they have. */
  readonly deadLettersUnknown: readonly string[];
};

/** What was logged so lately is looked at now. */
const LATELY_MS = 15 * 60_000;

/** What these parts say is how the sending is, which has lines of its own, also while all is well. */
const OF_SENDING = new Set(['sending', 'smpp-link', 'desk']);

/** What the parts of a service say beside how the sending is. A part that is well, and concerns nobody, says nothing. */
export function concernsOf(details: ProgramStatus['details']): string[] {
  return Object.entries(details).flatMap(([part, detail]) => (OF_SENDING.has(part) ? [] : [`${part}: ${detail}`]));
}

/** Says what somebody has to look at; nothing when all is well. */
export function troublesOf({
  at,
  programs,
  sending,
  deadLetters,
  deadLettersUnknown,
}: Omit<Status, 'dataFolder'>): string[] {
  const isLate = (logged: string | null | undefined): boolean => Date.parse(at) - Date.parse(logged ?? '') < LATELY_MS;
  const ready = programs.filter(({ state }) => state === 'ready');
  const dead = deadLetters.reduce((sum, { waiting }) => sum + waiting, 0);
  return [
    ...programs.filter(({ state }) => state !== 'ready').map(({ name, state }) => `${name} is ${state}`),
    ...ready
      .filter(({ lastFatal }) => isLate(lastFatal?.at))
      .map(({ name }) => `${name} ended a while ago and was started again`),
    ...ready.filter(({ lastError }) => isLate(lastError?.at)).map(({ name }) => `${name} has logged an error`),
    ...ready.filter(({ details }) => concernsOf(details).length > 0).map(({ name }) => `what ${name} says above`),
    ...(sending === null ? ['the notifier does not say whether it sends'] : []),
    ...(sending?.isStopped ? ['sending is stopped'] : []),
    ...(sending !== null && !sending.link.isUp ? ['the SMPP link is down'] : []),
    ...(sending !== null && sending.heldRuns > 0 ? [`held runs: ${sending.heldRuns}`] : []),
    ...(sending !== null && sending.refusedRuns > 0 ? [`refused runs: ${sending.refusedRuns}`] : []),
    ...(dead > 0 ? [`dead letters: ${dead}`] : []),
    ...deadLettersUnknown.map((service) => `${service} does not say how many dead letters it has`),
  ];
}
