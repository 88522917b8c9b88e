import type { OutageEvent } from '@bijli/events';

/** Code of a cause, as it stands in events. */
export type Cause = OutageEvent['cause'];

/** What is known of a cause. */
export type CauseEntry = {
  /** At most 11 UTF-16 units, so that a Hindi text stays one SMS (sms.md, Length). */
  readonly hi: string;
  readonly en: string;
  /** Value of `OutageCauseKind` (IEC CIM100, package Operations), null where it has none that means the same. */
  readonly cim: 'treeDown' | null;
  /** How long such an outage lasts by experience; the estimate where nobody gives one. */
  readonly defaultDurationMinutes: number;
};

/** Every cause an outage may have: an SMS carries no free text in India. */
export const causes = {
  maintenance: { hi: 'रखरखाव', en: 'maintenance', cim: null, defaultDurationMinutes: 240 },
  'line-repair': { hi: 'लाइन मरम्मत', en: 'line repair', cim: null, defaultDurationMinutes: 180 },
  'line-fault': { hi: 'लाइन खराबी', en: 'line fault', cim: null, defaultDurationMinutes: 120 },
  'transformer-fault': { hi: 'यंत्र खराबी', en: 'transformer fault', cim: null, defaultDurationMinutes: 480 },
  overload: { hi: 'अधिक भार', en: 'overload', cim: null, defaultDurationMinutes: 60 },
  storm: { hi: 'आंधी तूफान', en: 'storm', cim: null, defaultDurationMinutes: 360 },
  'tree-on-line': { hi: 'पेड़ गिरा', en: 'tree on line', cim: 'treeDown', defaultDurationMinutes: 180 },
  'cable-fault': { hi: 'केबल खराबी', en: 'cable fault', cim: null, defaultDurationMinutes: 480 },
  'substation-fault': { hi: 'स्टेशन दोष', en: 'substation fault', cim: null, defaultDurationMinutes: 240 },
  safety: { hi: 'सुरक्षा', en: 'safety', cim: null, defaultDurationMinutes: 60 },
} as const satisfies Record<Cause, CauseEntry>;

/** The codes of all causes, in the order in which a person is shown them. */
export const causeCodes = Object.keys(causes) as [Cause, ...Cause[]];
