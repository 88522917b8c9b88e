import type { Component } from '@bijli/loop';
import {
  answered,
  type Breaker,
  type BreakerRule,
  closedBreaker,
  HEADER_RULE,
  NUMBERS_RULE,
  passes,
  probed,
} from '../domain/breaker.ts';

/**
 * What keeps texts from leaving though the link is up: a header or a template that the provider refuses, or too many refusals. As a component
 * it says so to an operator; it is no reason to take the service out.
 */
export type Breakers = Component & {
  /** How many texts of a template may be sent now. */
  passes(templateId: string): number;
  /** Notes that texts of a template were handed to the link. */
  sent(templateId: string): void;
  /** Notes answers that came together; `template` and `header` are refusals of these. */
  answered(templateId: string, answers: Answers): void;
};

export type Answers = {
  readonly good: number;
  readonly header: number;
  readonly template: number;
  readonly numbers: number;
};

/** Makes the breakers of one account. `onOpen` is told in words when one opens. */
export function breakers(onOpen: (what: string) => void, now: () => number = () => performance.now()): Breakers {
  const known = new Map<string, Breaker>();
  const breaker = (name: string) => known.get(name) ?? closedBreaker();
  let opened = 0;
  const note = (name: string, good: number, bad: number, rule: BreakerRule) => {
    const before = breaker(name);
    const after = answered(before, { good, bad }, now(), rule);
    known.set(name, after);
    if (after.state !== 'open' || before.state === 'open') return;
    opened += 1;
    onOpen(name);
  };
  const namesOf = (templateId: string) => ['header', 'numbers', `template ${templateId}`];

  return {
    passes: (templateId) => Math.min(...namesOf(templateId).map((name) => passes(breaker(name), now()))),
    sent: (templateId) => {
      for (const name of namesOf(templateId)) {
        const before = known.get(name);
        if (before !== undefined && before.state !== 'closed') known.set(name, probed(before, now()));
      }
    },
    answered: (templateId, { good, header, template, numbers }) => {
      if (good + header > 0) note('header', good, header, HEADER_RULE);
      if (good + template > 0) note(`template ${templateId}`, good, template, HEADER_RULE);
      if (good + numbers > 0) note('numbers', good, numbers, NUMBERS_RULE);
    },
    name: 'breakers',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    ready: () => {
      const open = [...known].filter(([, { state }]) => state !== 'closed').map(([name]) => name);
      return open.length === 0 ? { ok: true } : { ok: true, detail: `open: ${open.join(', ')}` };
    },
    metrics: () => [
      {
        name: 'bijli_notifier_breakers_open',
        help: 'Breakers that keep texts from the provider, header, numbers and templates',
        samples: [{ value: [...known.values()].filter(({ state }) => state !== 'closed').length }],
      },
      {
        name: 'bijli_notifier_breakers_opened_total',
        help: 'Times that a breaker opened',
        samples: [{ value: opened }],
      },
    ],
  };
}
