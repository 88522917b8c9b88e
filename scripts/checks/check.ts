// `npm run check`: every rule that can be checked without running the system.
import { runChecks, staticChecks } from './static-checks.ts';
import { conclude } from './tally.ts';
import { whenNobodyReads, whenParentIsGone } from '@bijli/start/stop-with-parent';

const endGroup = () => process.kill(0, 'SIGTERM');
whenParentIsGone(endGroup);
whenNobodyReads(endGroup);

conclude(await runChecks(staticChecks));
