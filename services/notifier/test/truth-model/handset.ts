import { decodeText, dataCodings } from '@bijli/smpp';
import { istClock, istDayMonth } from '@bijli/units';
import type { OutgoingMessage } from '../../src/smpp/index.ts';
import { openCatalogue } from '../../src/templates/catalogue.ts';

/** What a handset was told, as a person reads it. */
export type News = {
  readonly family: 'off' | 'untimed' | 'new-time' | 'back' | 'partly' | 'window' | 'other-window' | 'no-window';
  /** Last four digits; null where the text names none. */
  readonly account: string | null;
  readonly values: Readonly<Record<string, string>>;
  readonly text: string;
};

const FAMILY_OF: Readonly<Record<string, News['family']>> = {
  unplanned: 'off',
  untimed: 'untimed',
  estimate: 'new-time',
  restored: 'back',
  partly: 'partly',
  planned: 'window',
  rescheduled: 'other-window',
  cancelled: 'no-window',
};

/** All that a text of outages may be. */
export const FAMILIES: readonly string[] = Object.values(FAMILY_OF);

const readers = new Map(
  openCatalogue()
    .all()
    .map(({ key, text, dltTemplateId }) => [dltTemplateId, { key, pattern: patternOf(text) }]),
);

function patternOf(text: string): RegExp {
  const pieces = text.split(/\{(\w+)\}/);
  const pattern = pieces.map((piece, n) =>
    n % 2 === 1 ? `(?<${piece}>.+?)` : piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${pattern.join('')}$`, 's');
}

/** The parts as a handset joins them: each of several begins with a header that says how long it is. */
function textOf({ coding, parts }: OutgoingMessage): string {
  const bodies = parts.map((part) => (parts.length === 1 ? part : part.subarray(1 + (part[0] ?? 0))));
  return decodeText(dataCodings[coding], Buffer.concat(bodies));
}

/** Reads a text from its registered template. */
export function newsOf(message: OutgoingMessage): News {
  const reader = readers.get(message.templateId);
  const text = textOf(message);
  const read = reader?.pattern.exec(text);
  const family = FAMILY_OF[reader?.key.split('.')[0] ?? ''];
  if (read === null || read === undefined || family === undefined) throw new Error(`not a text of outages: ${text}`);
  const values = { ...read.groups };
  return { family, account: values['account'] ?? null, values, text };
}

/** Whether a text says an instant as its end, or none as it is past; of a window that another text told at length it says only the hour. */
export function saysEnd({ family, values }: News, at: number): boolean {
  if (family === 'untimed') return at <= Date.now();
  if (values['to'] !== istClock(new Date(at))) return false;
  const day = values['toDate'] ?? (family === 'off' || family === 'new-time' ? values['date'] : undefined);
  return day === undefined || day === istDayMonth(new Date(at));
}

export function saysStart({ values }: News, at: number): boolean {
  return values['from'] === istClock(new Date(at)) && values['date'] === istDayMonth(new Date(at));
}
