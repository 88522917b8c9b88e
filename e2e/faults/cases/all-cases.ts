import type { FaultCase } from '../fault-case.ts';
import { everythingHeard, noNumbers, noUnaskedEnds } from './at-rest.ts';
import { cancelledWork, flapping, movingEstimate, nestedOutages } from './changing-outage.ts';
import { killedNotifier, stoppedNotifier, suspendedNotifier, twoNotifiers } from './ended-notifier.ts';
import { failpoints } from './failpoints.ts';
import { cutKafka, frozenKafka, killedKafka } from './kafka.ts';
import { killedServices } from './killed-services.ts';
import { noFault } from './no-fault.ts';
import { poisonRecords, repeatedEvents, replayedTopics } from './odd-records.ts';
import { killedBackend, postgresWeather, restartedPostgres } from './postgres.ts';
import { restorationAtSlowSmsc, restorations, stopAtSlowSmsc } from './restoration.ts';
import { awayAtStart, awaySmsc, droppedLink, silentSmsc } from './smsc-link.ts';
import { passingStatuses, throttledStorm, wrongHeader } from './smsc-statuses.ts';

/** Every fault, in the order in which they are played on one system; the last ones look at what all of them left. */
export const allCases: readonly FaultCase[] = [
  noFault,
  ...killedNotifier,
  stoppedNotifier,
  twoNotifiers,
  suspendedNotifier,
  ...restorations,
  restorationAtSlowSmsc,
  stopAtSlowSmsc,
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
  killedBackend,
  restartedPostgres,
  ...postgresWeather,
  killedKafka,
  frozenKafka,
  cutKafka,
  ...killedServices,
  poisonRecords,
  repeatedEvents,
  replayedTopics,
  ...failpoints,
  everythingHeard,
  noNumbers,
  noUnaskedEnds,
];
