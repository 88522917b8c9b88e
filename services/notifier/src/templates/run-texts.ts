import { segment } from '@bijli/smpp';
import { istClock, istDayMonth } from '@bijli/units';
import type { OutageFacts } from '../domain/plan-run.ts';
import type { Catalogue } from './catalogue.ts';
import type { TextValues } from './compile-template.ts';

/** A text ready for the link: its registered template, and its parts as octets. */
export type RenderedText = {
  readonly dltTemplateId: string;
  readonly coding: 'gsm-7' | 'ucs-2';
  readonly parts: readonly Buffer[];
};

/**
 * Makes the renderer of one run: times and cause are formatted once, only the account differs per row.
 * Texts that name no account are rendered once and shared.
 */
export function runTexts(
  catalogue: Catalogue,
  facts: OutageFacts,
): (templateKey: string, accountNumber: string) => RenderedText {
  const shared = new Map<string, RenderedText>();
  return (templateKey, accountNumber) => {
    const known = shared.get(templateKey);
    if (known !== undefined) return known;
    const { template, fill } = catalogue.template(templateKey);
    const text = fill(valuesOf(catalogue, templateKey, template.language, facts, accountNumber));
    const rendered = { dltTemplateId: template.dltTemplateId, ...segment(text) };
    if (!template.text.includes('{account}')) shared.set(templateKey, rendered);
    return rendered;
  };
}

function valuesOf(
  catalogue: Catalogue,
  templateKey: string,
  language: 'hi' | 'en',
  facts: OutageFacts,
  accountNumber: string,
): Partial<TextValues> {
  const isPlanned = templateKey.startsWith('planned.');
  const end = templateKey.startsWith('restored.')
    ? (facts.restoredAt ?? facts.estimatedRestorationAt)
    : facts.estimatedRestorationAt;
  return {
    account: accountNumber.slice(-4),
    date: istDayMonth(isPlanned ? facts.startsAt : end),
    toDate: istDayMonth(end),
    from: istClock(facts.startsAt),
    to: istClock(end),
    cause: catalogue.causeLabel(facts.cause, language),
  };
}
