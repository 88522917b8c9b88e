// `npm test`: every check and every test; with paths the tests at those paths alone. Ends in one line `N passed, N failed`.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseSuites, type Tier } from './choose-suites.ts';
import { runJest } from './jest-suites.ts';
import { runChecks, staticChecks } from './static-checks.ts';
import { conclude, sum, type Tally } from './tally.ts';
import { repositoryFiles } from './gates/repository-files.ts';
import { whenNobodyReads, whenParentIsGone } from '@bijli/start/stop-with-parent';

const minute = 60_000;
// A component test waits for its broker half of the time: on two cores one worker, Jest's own choice, leaves a core idle.
const workers = Math.max(2, availableParallelism() - 1);
const root = join(import.meta.dirname, '../..');
const help = `npm test                    every check and every test
npm test -- <path> ...      the tests at these paths: a file, a folder, or how a path begins; no checks
npm run check               every check, no tests

A file's name says what its tests need: .db a PostgreSQL, .component a Kafka, too, .e2e the whole system; they are
started by themselves. With options of Jest: node scripts/bootstrap.mjs scripts/jest.mjs <path> --selectProjects <tier>`;

// The whole process group: Jest, its servers' guards and whatever a test started.
const endGroup = () => process.kill(0, 'SIGTERM');
whenParentIsGone(endGroup);
whenNobodyReads(endGroup);

const { values, positionals } = parseArgs({ strict: false, options: { help: { type: 'boolean', short: 'h' } } });
const unknown = Object.keys(values).filter((option) => option !== 'help');
if (values['help'] === true) console.log(help);
else
  conclude(
    unknown.length > 0 ? refuse(unknown) : positionals.length > 0 ? await runAt(positionals) : await runEverything(),
  );

function refuse(options: readonly string[]): Tally {
  console.error(`npm test has no option ${options.join(', ')}.\n\n${help}\n`);
  return { passed: 0, failed: 1 };
}

async function runEverything(): Promise<Tally> {
  const beside = await Promise.all([
    runChecks(staticChecks),
    runJest(['unit', 'db', 'component'], 30 * minute, `--maxWorkers=${workers}`),
  ]);
  // The started system measures times and owns ports: nothing runs beside it.
  const system = await runJest(['e2e'], 30 * minute, '--runInBand');
  return sum([...beside, system]);
}

async function runAt(paths: readonly string[]): Promise<Tally> {
  // npm works in the folder of package.json, whichever folder one stands in.
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const { tiers, nothingAt } = chooseSuites(paths, { files: repositoryFiles(root), root, folder });
  for (const path of nothingAt) console.error(`There is no test at ${path}.`);
  if (nothingAt.length > 0) return { passed: 0, failed: nothingAt.length };
  const { e2e = [], ...others } = Object.fromEntries(tiers) as Partial<Record<Tier, readonly string[]>>;
  const beside = Object.values(others).flat();
  return sum([
    ...(beside.length === 0 ? [] : [await runFiles(Object.keys(others) as Tier[], beside)]),
    ...(e2e.length === 0 ? [] : [await runFiles(['e2e'], e2e, '--runInBand')]),
  ]);
}

function runFiles(tiers: readonly Tier[], files: readonly string[], ...options: string[]): Promise<Tally> {
  return runJest(tiers, 30 * minute, ...options, '--runTestsByPath', ...files);
}
