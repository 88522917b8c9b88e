// `npm run check`: every rule that can be checked without running the system.
import { runChecks, staticChecks } from './checks/static-checks.ts';
import { conclude } from './checks/tally.ts';
import { whenNobodyReads, whenParentIsGone } from './start/stop-with-parent.ts';

const endGroup = () => process.kill(0, 'SIGTERM');
whenParentIsGone(endGroup);
whenNobodyReads(endGroup);

conclude(await runChecks(staticChecks));
