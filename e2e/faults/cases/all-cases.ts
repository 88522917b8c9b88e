import type { FaultCase } from '../fault-case.ts';
import { everythingHeard, noNumbers, noUnaskedEnds } from './at-rest.ts';
import { paidBills } from './bills.ts';
import { cancelledWork, flapping, movingEstimate, nestedOutages } from './changing-outage.ts';
import { killedNotifier, stoppedNotifier, successor, suspendedNotifier, twoNotifiers } from './ended-notifier.ts';
import { failpoints } from './failpoints.ts';
import { frozenKafka, kafkaWeather, killedKafka } from './kafka.ts';
import { killedServices } from './killed-services.ts';
import { lockedServices, startedWithoutDatabase } from './locked-services.ts';
import { noFault } from './no-fault.ts';
import { poisonRecords } from './odd-records.ts';
import { killedBackend, lockedRuns, postgresWeather, restartedPostgres } from './postgres.ts';
import { powerCut } from './power-cut.ts';
import { oddReceipts } from './receipts.ts';
import { repeatedEvents } from './repeated-events.ts';
import { restorationAtSlowSmsc, restorations } from './restoration.ts';
import { awayAtStart, awaySmsc, droppedLink, silentSmsc } from './smsc-link.ts';
import { passingStatuses, throttledStorm, wrongHeader } from './smsc-statuses.ts';
import { stopSwitch } from './stop-switch.ts';

/** Every fault, in the order in which they are played on one system; the last ones look at what all of them left. */
export const allCases: readonly FaultCase[] = [
  noFault,
  ...killedNotifier,
  stoppedNotifier,
  twoNotifiers,
  suspendedNotifier,
  successor,
  ...restorations,
  restorationAtSlowSmsc,
  ...stopSwitch,
  paidBills,
  movingEstimate,
  flapping,
  nestedOutages,
  cancelledWork,
  droppedLink,
  silentSmsc,
  ...awaySmsc,
  awayAtStart,
  throttledStorm,
  ...passingStatuses,
  wrongHeader,
  oddReceipts,
  killedBackend,
  restartedPostgres,
  ...postgresWeather,
  lockedRuns,
  ...lockedServices,
  ...startedWithoutDatabase,
  killedKafka,
  frozenKafka,
  ...kafkaWeather,
  powerCut,
  ...killedServices,
  poisonRecords,
  ...repeatedEvents,
  ...failpoints,
  everythingHeard,
  noNumbers,
  noUnaskedEnds,
];
