import type { Area, Kind } from './complaint.ts';

/** How long the service standard gives, in hours, and who says so. */
export type ServiceStandard = Readonly<Record<Area, number>> & { readonly source: string };

const DAY = 24;
/** Uttar Pradesh has figures of its own (UPERC, standards of performance); these only show what a clock is. */
const CHARTER = 'example from another state, Telangana (TGSPDCL citizen’s charter, standards of performance)';
const OURS = 'example of this project, no regulator’s';

/**
 * The service-standard clock of each kind of complaint: examples, as each source says. A utility puts the figures of its own regulator here
 * (in Uttar Pradesh UPERC's): this file is the only place that knows them.
 */
export const serviceStandards = {
  'no-supply': {
    town: 4,
    village: 8,
    source: `${CHARTER}: as fuse-off, the strictest, until somebody has found the reason`,
  },
  'fuse-off': { town: 4, village: 8, source: `${CHARTER}: normal fuse-off` },
  'transformer-failure': { town: DAY, village: 2 * DAY, source: `${CHARTER}: distribution transformer failure` },
  'low-voltage': { town: 10 * DAY, village: 10 * DAY, source: `${CHARTER}: voltage fluctuations, network as it is` },
  'meter-fault': { town: 7 * DAY, village: 15 * DAY, source: `${CHARTER}: inspection of meters` },
  'wrong-bill': { town: 7 * DAY, village: 7 * DAY, source: OURS },
  other: { town: 7 * DAY, village: 7 * DAY, source: OURS },
} as const satisfies Record<Kind, ServiceStandard>;

/** Every kind of complaint, in the order in which a person is shown them. */
export const kinds = Object.keys(serviceStandards) as [Kind, ...Kind[]];

const HOUR_MS = 3_600_000;

/** Tells until when a complaint is to be fixed whose clock starts now. */
export function dueAt(kind: Kind, area: Area, now: Date): Date {
  return new Date(now.getTime() + serviceStandards[kind][area] * HOUR_MS);
}
