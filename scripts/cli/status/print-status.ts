import type { LastWords } from '@bijli/start/last-words';
import { concernsOf, type ProgramStatus, type SendingStatus, type Status, troublesOf } from './status.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', dateStyle: 'short', timeStyle: 'medium' });
const count = new Intl.NumberFormat('en-IN');
const labelWidth = 17;

/** Writes how the system is, for a screen. */
export function printStatus(status: Status): string {
  const troubles = troublesOf(status);
  return [
    `Bijli Alert at ${instant(status.at)}, data in ${status.dataFolder}`,
    '',
    ...status.programs.flatMap(programLines),
    '',
    ...(status.sending === null
      ? [line('sending', 'unknown: the notifier does not say')]
      : sendingLines(status.sending)),
    line('dead letters', deadLetters(status)),
    '',
    troubles.length === 0 ? 'All is well.' : `To look at: ${troubles.join('; ')}.`,
  ].join('\n');
}

function programLines({ name, port, state, details, log, lastFatal, lastError }: ProgramStatus): string[] {
  const where = state === 'down' ? `: no service answers on port ${port}` : '';
  const news = [...newsLine('last fatal', lastFatal), ...newsLine('last error', lastError)];
  return [
    line(name, [`${state}${where}`, ...concernsOf(details)].join('; ')),
    ...[...news, ...(news.length === 0 ? [] : [`its log: ${log}`])].map((text) => line('', text)),
  ];
}

function newsLine(what: string, news: LastWords | null): string[] {
  return news === null ? [] : [`${what}${news.at === null ? '' : ` ${instant(news.at)}`}: ${news.words}`];
}

function sendingLines(sending: SendingStatus): string[] {
  const { isStopped, changedAt, changedBy, reason, link, openRuns, waitingContacts, heldRuns, refusedRuns } = sending;
  const since = `since ${instant(link.since)}`;
  return [
    line('sending', `${isStopped ? 'STOPPED' : 'on'} since ${instant(changedAt)} by ${changedBy}: ${reason}`),
    line('SMPP link', link.isUp ? `up ${since}` : `DOWN ${since}: ${link.problem ?? 'not bound yet'}`),
    line('waiting', `${count.format(waitingContacts)} contacts in ${count.format(openRuns)} runs`),
    line('runs', `${heldRuns} held, ${refusedRuns} refused in the last 24 hours`),
  ];
}

function deadLetters({ deadLetters: letters, deadLettersUnknown: unknown }: Status): string {
  const known = letters.map(({ service, subscription, waiting }) => `${service} ${subscription} ${waiting}`);
  return [
    ...(known.length + unknown.length === 0 ? ['none'] : known),
    ...unknown.map((service) => `${service} does not say`),
  ].join(', ');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)}  ${text}`;
}

function instant(at: string): string {
  return `${clock.format(new Date(at))} IST`;
}
