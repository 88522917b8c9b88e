import { types } from 'node:util';
import type { TopicName } from '@bijli/events';
import { decodeEvent, decodeFields, PoisonMessageError, topics } from '@bijli/events';
import type { AnyEvent } from './inbox-rows.ts';
import { NotYetError } from './not-yet-error.ts';

/** Why a record is dead: a code to group by, and a sentence that holds no value of the record. */
export type DeadReason = { readonly reason: string; readonly detail: string };

/** Reads a record's value as an event of its topic, or these fields of it. Whatever cannot be read is named, never thrown: it must not stop its neighbours. */
export function readEvent(
  topic: TopicName,
  key: string,
  value: Buffer,
  fields?: readonly string[],
): { event: AnyEvent } | { deadReason: DeadReason } {
  try {
    const event = fields === undefined ? decodeEvent(topic, value) : decodePart(topic, value, fields);
    if (event[topics[topic].keyField] === key) return { event };
    return { deadReason: { reason: 'foreign-key', detail: "the record's key is not the event's aggregate" } };
  } catch (error) {
    return { deadReason: deadReasonOf(error) };
  }
}

/** Its handler is declared with the fields that it reads; here an event is an event. */
const decodePart = (topic: TopicName, value: Buffer, fields: readonly string[]): AnyEvent =>
  decodeFields(topic, value, fields as readonly (keyof AnyEvent)[]) as AnyEvent;

/**
 * Says why a record is dead: the own words of a PoisonMessageError or a NotYetError; for any other error its class, its code and where it
 * was thrown, since messages of drivers and of the runtime quote values.
 */
export function deadReasonOf(error: unknown): DeadReason {
  if (error instanceof PoisonMessageError) return { reason: error.reason, detail: error.message };
  if (error instanceof NotYetError) return { reason: 'not-yet', detail: error.message };
  if (!types.isNativeError(error)) return { reason: 'failed', detail: `a ${typeof error} was thrown` };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const parts = [error.name, code, constraint, ...ownFrames(error)];
  return { reason: 'failed', detail: parts.filter((part) => typeof part === 'string').join(' ') };
}

const FRAMES = 2;

/** The innermost places in our own code. */
const ownFrames = ({ stack = '' }: Error): string[] =>
  stack
    .split('\n')
    .filter((line) => /^\s+at .*\.[cm]?[jt]s/.test(line) && !line.includes('node_modules'))
    .slice(0, FRAMES)
    .map((line) => line.trim());
