import { decodeEvent, isTopicName } from '@bijli/events';
import { blankLongNumbers, type WholeDeadLetter } from '@bijli/outbox';
import { maskText } from '@bijli/start/mask-text';
import { printDeadLetter } from './print-dead-letters.ts';

const SHOWN_OCTETS = 64;
const OCTETS_A_LINE = 16;
/** Of a list so many members are shown. */
const SHOWN_MEMBERS = 20;

/**
 * Writes everything that is kept of a dead letter for a person: its event where it can be read, or the first octets where it cannot, its
 * headers, and what was decided about it. Numbers are masked and seals are not shown.
 */
export function showDeadLetter(service: string, letter: WholeDeadLetter): string {
  const { state, receivedAt, headers, decisions, reading } = letter;
  const headerLines = Object.entries(headers).map(([name, text]) => `${maskText(name)}: ${maskHeader(name, text)}`);
  const decided = decisions.map(({ action, who, decidedAt }) => `${decidedAt.toISOString()} ${action} by ${who}`);
  return [
    printDeadLetter(service, letter),
    `    ${state}, received ${receivedAt.toISOString()}`,
    ...(reading === null ? [] : [`    ${readingOf(reading)}`]),
    ...section('headers', headerLines),
    ...content(letter),
    ...section('decisions', decided),
  ].join('\n');
}

function readingOf({ failures, failure, dueAt }: NonNullable<WholeDeadLetter['reading']>): string {
  if (failure === null) return 'not read from its topic yet';
  const times = failures === 1 ? 'once' : `${failures} times`;
  return `could not be read from its topic ${times}, last ${failure}; next tried ${dueAt.toISOString()}`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [`  ${title}: none`] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];

/** A trace id is made of digits, too. */
const maskHeader = (name: string, text: string): string => (name === 'traceparent' ? text : maskText(text));

function content({ topic, value, isMasked, lastOffset }: WholeDeadLetter): string[] {
  if (value === null) return lastOffset === null ? ['  no value'] : ['  nothing of it is kept here'];
  const event = isMasked ? null : eventIn(topic, value);
  if (event === null) return section(`cannot be read, ${value.length} octets, numbers masked`, dump(value));
  return section('event', JSON.stringify(forPeople(event), null, 2).split('\n'));
}

function eventIn(topic: string, value: Buffer): object | null {
  try {
    return isTopicName(topic) ? decodeEvent(topic, value) : null;
  } catch {
    return null; // why not is the reason of its death
  }
}

/** The same, with what nobody needs to see taken out. */
function forPeople(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Buffer.isBuffer(value)) return '(sealed)';
  if (Array.isArray(value)) return listForPeople(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, forPeople(part)]));
}

function listForPeople(list: readonly unknown[]): unknown[] {
  const shown = list.slice(0, SHOWN_MEMBERS).map(forPeople);
  return list.length > SHOWN_MEMBERS ? [...shown, `and ${list.length - SHOWN_MEMBERS} more`] : shown;
}

/** The first octets as hexadecimal digits and as ASCII. Masked as a whole first, so that no number is cut in two. */
function dump(value: Buffer): string[] {
  const octets = blankLongNumbers(value).subarray(0, SHOWN_OCTETS);
  const lines = Array.from({ length: Math.ceil(octets.length / OCTETS_A_LINE) }, (_none, line) =>
    octets.subarray(line * OCTETS_A_LINE, (line + 1) * OCTETS_A_LINE),
  );
  return lines.map((line) => {
    const hex = (line.toString('hex').match(/../g) ?? []).join(' ');
    return `${hex.padEnd(3 * OCTETS_A_LINE)} ${line.toString('latin1').replaceAll(/[^ -~]/g, '.')}`;
  });
}
