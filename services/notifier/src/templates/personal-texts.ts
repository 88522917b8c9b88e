import { segment } from '@bijli/smpp';
import { formatRupees, istClock, istDayMonth, paise } from '@bijli/units';
import type { PersonalFacts } from '../domain/personal-message.ts';
import type { TextRequest } from '../domain/claim.ts';
import type { Catalogue } from './catalogue.ts';
import type { TextValues } from './compile-template.ts';
import type { RenderedText } from './run-texts.ts';

/** Makes the renderer of personal texts: every row has its own facts. */
export function personalTexts(catalogue: Catalogue): (text: Omit<TextRequest, 'claimNo'>) => RenderedText {
  return ({ templateKey, accountNumber, facts }) => {
    const { template, fill } = catalogue.template(templateKey);
    const text = fill(valuesOf(catalogue, template.language, accountNumber, facts ?? {}));
    return { dltTemplateId: template.dltTemplateId, ...segment(text), until: null, isPartly: false };
  };
}

function valuesOf(
  catalogue: Catalogue,
  language: 'hi' | 'en',
  accountNumber: string,
  {
    amountPaise = 0,
    outstandingPaise = 0,
    dueOn,
    paidAt,
    complaintNumber,
    cause,
    estimatedRestorationAt,
  }: PersonalFacts,
): Partial<TextValues> {
  const instant = estimatedRestorationAt ?? paidAt;
  const at = instant === undefined ? null : new Date(instant);
  return {
    account: accountNumber.slice(-4),
    amount: formatRupees(paise(amountPaise)),
    outstanding: formatRupees(paise(outstandingPaise)),
    advance: formatRupees(paise(-outstandingPaise)),
    ...(dueOn === undefined ? {} : { due: dayMonthOf(dueOn) }),
    ...(complaintNumber === undefined ? {} : { complaint: complaintNumber }),
    ...(cause === undefined ? {} : { cause: catalogue.causeLabel(cause, language) }),
    ...(at === null ? {} : { date: istDayMonth(at), to: istClock(at) }),
  };
}

/** `25-02` of the civil date `2026-02-25`. */
const dayMonthOf = (civilDate: string): string => `${civilDate.slice(8, 10)}-${civilDate.slice(5, 7)}`;
