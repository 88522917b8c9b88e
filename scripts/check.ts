// `npm run check`: every rule that can be checked without running the system.
import { runChecks, staticChecks } from './checks/static-checks.ts';
import { conclude } from './checks/tally.ts';

conclude(await runChecks(staticChecks));
