// `npm run status`: how the started system is, on one screen. Exit code 0 when all is well, 1 when somebody has to look.
import { parseArgs } from 'node:util';
import { asksForHelp } from '@bijli/start/asks-for-help';
import { StartProblem } from '@bijli/start/problem';
import { readStartSettings } from '@bijli/start/settings';
import { gatherStatus } from './gather-status.ts';
import { printStatus } from './print-status.ts';
import { troublesOf } from './status.ts';

const USAGE = `npm run status [-- --json]

Shows the services with what they say of themselves and the last line by which each could not go on, whether texts go out (the stop switch,
the SMPP link, what waits, what is held or refused), and the dead letters. It finds the system by BIJLI_PORT and BIJLI_DATA.

  --json   the same for programs
  --help   this

Exit code: 0 when all is well, 1 when somebody has to look, 2 when it was not asked rightly.`;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`status: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});

async function main(args: string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(USAGE);
    return 0;
  }
  const { json } = readOptions(args);
  const status = await gatherStatus(readStartSettings(process.env, []), new Date());
  const troubles = troublesOf(status);
  console.log(json ? JSON.stringify({ ...status, troubles }, undefined, 2) : printStatus(status));
  return troubles.length === 0 ? 0 : 1;
}

function readOptions(args: string[]): { json: boolean } {
  try {
    return parseArgs({ args, options: { json: { type: 'boolean', default: false } } }).values;
  } catch (cause) {
    throw new StartProblem(`there is only --json: ${USAGE.split('\n')[0]}`, { cause });
  }
}
