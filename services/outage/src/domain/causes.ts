import type { OutageEvent } from '@bijli/events';

/** Code of a cause, as it stands in events. */
export type Cause = OutageEvent['cause'];

/** What is known of a cause. */
export type CauseEntry = {
  /** Value of `OutageCauseKind` (IEC CIM100, package Operations), null where it has none that means the same. */
  readonly cim: 'treeDown' | null;
  /** How long such an outage lasts by experience; the estimate where nobody gives one. */
  readonly defaultDurationMinutes: number;
};

/** Every cause an outage may have: an SMS carries no free text in India. Their words are the notifier's, who says them. */
export const causes = {
  maintenance: { cim: null, defaultDurationMinutes: 240 },
  'line-repair': { cim: null, defaultDurationMinutes: 180 },
  'line-fault': { cim: null, defaultDurationMinutes: 120 },
  'transformer-fault': { cim: null, defaultDurationMinutes: 480 },
  overload: { cim: null, defaultDurationMinutes: 60 },
  storm: { cim: null, defaultDurationMinutes: 360 },
  'tree-on-line': { cim: 'treeDown', defaultDurationMinutes: 180 },
  'cable-fault': { cim: null, defaultDurationMinutes: 480 },
  'substation-fault': { cim: null, defaultDurationMinutes: 240 },
  safety: { cim: null, defaultDurationMinutes: 60 },
} as const satisfies Record<Cause, CauseEntry>;

/** The codes of all causes, in the order in which a person is shown them. */
export const causeCodes = Object.keys(causes) as [Cause, ...Cause[]];
