import { isSameIstDay } from '@bijli/units';
import type { OutageFacts, ToldRunKind } from './plan-run.ts';
import type { OutageFamily } from './text-families.ts';

/** Which template family tells a mobile that was told nothing yet, and which one that was. */
export type TemplateFamilies = {
  readonly untold: OutageFamily;
  readonly told: OutageFamily;
};

/** Names the template families of a run. Keys are family.one|many.hi|en. */
export function templateFamilies(kind: ToldRunKind, facts: OutageFacts): TemplateFamilies {
  if (kind === 'restored') return { untold: 'restored', told: 'restored' };
  const isSameDay = isSameIstDay(facts.startsAt, facts.estimatedRestorationAt);
  const plannedFamily = isSameDay ? 'planned.same-day' : 'planned.multi-day';
  return { untold: facts.outageKind === 'planned' ? plannedFamily : 'unplanned', told: 'estimate' };
}
