// `npm run trace -- <id of an outage, run or trace, number of a complaint, bill or payment> [--json] [--all]`: prints how one thing travelled
// through the services, and what of it still waits.
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { asksForHelp } from '@bijli/start/asks-for-help';
import { readStartSettings } from '@bijli/start/settings';
import { askServices } from './ask-services.ts';
import { type FoundTrace, findTraces } from './find-traces.ts';
import { findWaiting } from './find-waiting.ts';
import { type Journey, journeyOf } from './journey.ts';
import { printJourney } from './print-journey.ts';
import { readSpans } from './read-spans.ts';

const USAGE = `npm run trace -- ID [--json] [--all]

Prints how one thing travelled through the services, one waterfall for each of its events, and what of it still waits. ID is the id of an
outage, a run or a trace, or the number of a complaint, a bill or a payment.

  --all    each statement of PostgreSQL on a line of its own
  --json   the same for programs
  --help   this

It finds the system by BIJLI_PORT and BIJLI_DATA, as they were given to npm start.`;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`trace: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});

async function main(args: string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(USAGE);
    return 0;
  }
  const { id, all, json } = readOptions(args);
  const settings = readStartSettings(process.env, []);
  const { ask, asked } = askServices(settings);
  const traces = await findTraces(id, ask);
  if (traces === null)
    throw new Error(`nobody knows ${id}: asked ${asked()}. Is this the BIJLI_PORT of the system that does?`);
  const folder = join(settings.dataFolder, 'traces');
  const spans = await readSpans(
    folder,
    traces.flatMap(({ traceId }) => traceId ?? []),
  );
  const journeys = traces.map((trace) => ({ ...trace, journey: journeyOf(spans.get(trace.traceId ?? '') ?? []) }));
  const waiting = await findWaiting(id, [...spans.values()].flat(), ask);
  if (json) console.log(JSON.stringify(journeys, undefined, 2));
  else {
    for (const each of journeys) console.log(printed(each, all, relative(process.cwd(), folder)));
    for (const sentence of waiting) console.log(sentence);
  }
  return journeys.some(({ journey }) => journey !== null) ? 0 : 1;
}

function readOptions(args: string[]): { id: string; all: boolean; json: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  const usage = 'npm run trace -- ID [--json] [--all]; --help tells more';
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { all: flag, json: flag } });
    const [id, ...rest] = positionals;
    if (id !== undefined && rest.length === 0) return { id, ...values };
  } catch (cause) {
    throw new Error(usage, { cause });
  }
  throw new Error(usage);
}

function printed({ title, traceId, journey }: FoundTrace & { journey: Journey | null }, all: boolean, folder: string) {
  if (traceId === null) return `${title}: was not traced\n`;
  if (journey === null)
    return `${title}: no span of trace ${traceId} is in ${folder}; they arrive within two seconds\n`;
  return printJourney(journey, { title, all });
}
