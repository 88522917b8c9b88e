// `npm run import -- --network FILE --connections FILE`: brings a district of one's own into the running system.
import { performance } from 'node:perf_hooks';
import { asksForHelp } from '@bijli/start/asks-for-help';
import { ImportProblem } from './import-problem.ts';
import { importDistrict } from './import-district.ts';
import { openNews } from './news.ts';
import { readImportOptions, USAGE } from './read-options.ts';
import { screenOf } from '@bijli/start/narrator';

const exitCodes = { allTaken: 0, failed: 1, someRefused: 2 };

// The bootstrap may have fetched and installed before us: the user has waited since then.
const beganAt = Number(process.env['BIJLI_BEGAN_AT'] ?? performance.timeOrigin);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof ImportProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  return exitCodes.failed;
});

async function main(): Promise<number> {
  if (asksForHelp(process.argv.slice(2))) {
    console.log(USAGE);
    return exitCodes.allTaken;
  }
  const options = readImportOptions(process.env, process.argv.slice(2));
  const refused = await importDistrict(options, {
    news: openNews(screenOf(process.stdout, process.env)),
    signal: interrupted.signal,
    secondsSinceStart: () => (Date.now() - beganAt) / 1_000,
  });
  return refused > 0 ? exitCodes.someRefused : exitCodes.allTaken;
}
