import { segment } from '@bijli/smpp';
import { istClock, istDayMonth } from '@bijli/units';
import type { Claim, TextRequest } from '../domain/claim.ts';
import type { OutageFacts } from '../domain/plan-run.ts';
import type { Catalogue } from './catalogue.ts';
import type { CompiledTemplate, TextValues } from './compile-template.ts';

/** A text ready for the link: its registered template, and its parts as octets. */
export type RenderedText = {
  readonly dltTemplateId: string;
  readonly coding: 'gsm-7' | 'ucs-2';
  readonly parts: readonly Buffer[];
  /** The instant to come that it names: from then on it is false. Null where it names none. */
  readonly until: Date | null;
  /** Whether it says that an account is off while others are back: each may be on an outage of its own. */
  readonly isPartly: boolean;
};

/** Texts of a run that were made already: by what they say, and then by the digits of the account that they name. */
export type MadeTexts = Map<string, Map<string, RenderedText>>;

/**
 * Makes the renderer of one run: times and cause are formatted once for each claim, only the account differs per row.
 * A text names the last four digits of an account at most, so there are few of them: each is made once, for all chunks that bring `made`.
 */
export function runTexts(
  catalogue: Catalogue,
  facts: OutageFacts,
  claims: ReadonlyMap<number, Claim>,
  made: MadeTexts = new Map(),
): (text: Omit<TextRequest, 'facts'>) => RenderedText {
  const forms = new Map<string, Map<number, Form>>();
  return ({ templateKey, claimNo, accountNumber }) => {
    const no = claimNo ?? 1;
    const { template, fill, values, until, namesAccount, texts } =
      forms.get(templateKey)?.get(no) ?? open(templateKey, no);
    const account = accountNumber.slice(-4);
    const key = namesAccount ? account : '';
    const known = texts.get(key);
    if (known !== undefined) return known;
    const rendered = {
      dltTemplateId: template.dltTemplateId,
      ...segment(fill({ ...values, account })),
      until,
      isPartly: templateKey.startsWith('partly.'),
    };
    texts.set(key, rendered);
    return rendered;
  };

  function open(templateKey: string, claimNo: number): Form {
    const compiled = catalogue.template(templateKey);
    const name = `${templateKey}/${claimNo}`;
    const texts = made.get(name) ?? new Map<string, RenderedText>();
    made.set(name, texts);
    const form = {
      ...compiled,
      ...formattedOf(catalogue, compiled.template, facts, claims.get(claimNo)),
      namesAccount: compiled.template.text.includes('{account}'),
      texts,
    };
    const ofTemplate = forms.get(templateKey) ?? new Map<number, Form>();
    forms.set(templateKey, ofTemplate.set(claimNo, form));
    return form;
  }
}

/** What one template says of one claim. */
type Form = CompiledTemplate &
  Formatted & { readonly namesAccount: boolean; readonly texts: Map<string, RenderedText> };
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
