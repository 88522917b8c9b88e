import { readFileSync } from 'node:fs';
import type { Addressee } from './town.ts';

type Approved = {
  readonly key: string;
  readonly dltTemplateId: string;
  readonly text: string;
};

/** What the texts of one outage are filled with; instants as ISO text. */
export type Filling = {
  readonly family: 'planned.same-day' | 'planned.multi-day' | 'unplanned' | 'estimate' | 'restored';
  readonly cause: string;
  readonly from: string;
  readonly to: string;
};

/** A text that must arrive, and under which registered template. */
export type ExpectedText = {
  readonly mobile: string;
  readonly text: string;
  readonly templateId: string;
};

type Registered = {
  readonly templates: Approved[];
  readonly causes: Record<string, { hi: string; en: string }>;
};

const file = new URL('../../services/notifier/src/templates/approved.json', import.meta.url);
const { templates: approved, causes } = JSON.parse(readFileSync(file, 'utf8')) as Registered;

/** The text of each addressee, filled into the approved template by hand. */
export function expectedTexts(people: readonly Addressee[], filling: Filling): ExpectedText[] {
  return people.map(({ mobile, language, account }) => {
    const { template, templateId } = approvedText(`${filling.family}.${account === null ? 'many' : 'one'}.${language}`);
    const start = indian(filling.from);
    const end = indian(filling.to);
    const values: Record<string, string> = {
      account: (account ?? '').slice(-4),
      date: filling.family.startsWith('planned') ? start.date : end.date,
      toDate: end.date,
      from: start.time,
      to: end.time,
      cause: causes[filling.cause]?.[language] ?? '',
    };
    return { mobile, templateId, text: fill(template, values) };
  });
}

/** The keys of the registered texts, by their ids. */
export function templateKeys(): ReadonlyMap<string, string> {
  return new Map(approved.map(({ key, dltTemplateId }) => [dltTemplateId, key]));
}

/** The registered text of a key, and its id. */
export function approvedText(key: string): { template: string; templateId: string } {
  const found = approved.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no approved template ${key}`);
  return { template: found.text, templateId: found.dltTemplateId };
}

/** Puts values into a registered text. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/** India is five and a half hours ahead, all year. */
function indian(iso: string): { date: string; time: string } {
  const shifted = new Date(Date.parse(iso) + 5.5 * 3_600_000).toISOString();
  return { date: `${shifted.slice(8, 10)}-${shifted.slice(5, 7)}`, time: shifted.slice(11, 16) };
}
