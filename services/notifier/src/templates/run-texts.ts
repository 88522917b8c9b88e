import { segment } from '@bijli/smpp';
import { istClock, istDayMonth } from '@bijli/units';
import type { Claim, TextRequest } from '../domain/claim.ts';
import type { OutageFacts } from '../domain/plan-run.ts';
import type { Catalogue } from './catalogue.ts';
import type { TextValues } from './compile-template.ts';

/** A text ready for the link: its registered template, and its parts as octets. */
export type RenderedText = {
  readonly dltTemplateId: string;
  readonly coding: 'gsm-7' | 'ucs-2';
  readonly parts: readonly Buffer[];
  /** The instant to come that it names: from then on it is false. Null where it names none. */
  readonly until: Date | null;
};

/**
 * Makes the renderer of one run: times and cause are formatted once for each claim, only the account differs per row.
 * A text names the last four digits of an account at most, so there are few of them: each is made once, for all chunks that bring `shared`.
 */
export function runTexts(
  catalogue: Catalogue,
  facts: OutageFacts,
  claims: ReadonlyMap<number, Claim>,
  shared: Map<string, RenderedText> = new Map(),
): (text: Omit<TextRequest, 'facts'>) => RenderedText {
  const formatted = new Map<string, Formatted>();
  return ({ templateKey, claimNo, accountNumber }) => {
    const { template, fill } = catalogue.template(templateKey);
    const form = `${templateKey}/${claimNo ?? 1}`;
    const account = accountNumber.slice(-4);
    const key = template.text.includes('{account}') ? `${form}/${account}` : form;
    const known = shared.get(key);
    if (known !== undefined) return known;
    const { values, until } = formatted.get(form) ?? formattedOf(catalogue, template, facts, claims.get(claimNo ?? 1));
    formatted.set(form, { values, until });
    const rendered = {
      dltTemplateId: template.dltTemplateId,
      ...segment(fill({ ...values, account })),
      until,
    };
    shared.set(key, rendered);
    return rendered;
  };
}

type Formatted = { readonly values: Partial<TextValues>; readonly until: Date | null };

function formattedOf(
  catalogue: Catalogue,
  { key, language }: { readonly key: string; readonly language: 'hi' | 'en' },
  facts: OutageFacts,
  claim: Claim | undefined,
): Formatted {
  const startsAt = claim?.startsAt ?? facts.startsAt;
  const isBack = key.startsWith('restored.');
  const end = isBack ? (facts.restoredAt ?? facts.saidAt) : (claim?.until ?? facts.estimatedRestorationAt);
  const isWindow = WINDOWS.some((family) => key.startsWith(family));
  const values = {
    date: istDayMonth(isWindow ? startsAt : end),
    toDate: istDayMonth(end),
    from: istClock(startsAt),
    to: istClock(end),
    cause: catalogue.causeLabel(claim?.cause ?? facts.cause, language),
  };
  return { values, until: TIMED.some((family) => key.startsWith(family)) ? end : null };
}

const WINDOWS = ['planned.', 'rescheduled.', 'cancelled.'];
const TIMED = ['planned.', 'rescheduled.', 'unplanned.', 'estimate.'];
