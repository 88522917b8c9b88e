// `npm test`: every check and every test, ending in one line `N passed, N failed`.
import { runJest } from './checks/jest-suites.ts';
import { runChecks, staticChecks } from './checks/static-checks.ts';
import { conclude, sum } from './checks/tally.ts';
import { whenParentIsGone } from './start/stop-with-parent.ts';

const minute = 60_000;

// The whole process group: Jest, its servers' guards and whatever a test started.
whenParentIsGone(() => process.kill(0, 'SIGTERM'));

const beside = await Promise.all([runChecks(staticChecks), runJest(['unit', 'db', 'component'], 30 * minute)]);
// The started system measures times and owns ports: nothing runs beside it.
const system = await runJest(['e2e'], 30 * minute, '--runInBand');
conclude(sum([...beside, system]));
