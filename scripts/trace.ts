// `npm run trace -- <id of an outage, run or trace, number of a complaint, bill or payment> [--json] [--all]`: prints how one thing travelled through the services.
import { join, relative } from 'node:path';
import { type StartSettings, readStartSettings } from './start/settings.ts';
import { type Ask, type FoundTrace, findTraces } from './trace/find-traces.ts';
import { type Journey, journeyOf } from './trace/journey.ts';
import { printJourney } from './trace/print-journey.ts';
import { readSpans } from './trace/read-spans.ts';

const USAGE =
  'npm run trace -- <id of an outage, a run or a trace, number of a complaint, a bill or a payment> [--json] [--all]';
const NOT_FOUND = 404;
const ANSWER_WITHIN_MS = 5_000;

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const ids = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
process.exitCode = await main(ids, new Set(options)).catch((error: unknown) => {
  console.error(`trace: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});

async function main([id, ...rest]: string[], flags: ReadonlySet<string>): Promise<number> {
  const unknown = [...flags].find((flag) => flag !== '--json' && flag !== '--all');
  if (id === undefined || rest.length > 0 || unknown !== undefined) throw new Error(USAGE);
  const settings = readStartSettings(process.env, []);
  const traces = await findTraces(id, askAt(settings));
  if (traces === null) throw new Error('no service knows this id or number');
  const folder = join(settings.dataFolder, 'traces');
  const spans = await readSpans(
    folder,
    traces.flatMap(({ traceId }) => traceId ?? []),
  );
  const journeys = traces.map((trace) => ({ ...trace, journey: journeyOf(spans.get(trace.traceId ?? '') ?? []) }));
  if (flags.has('--json')) console.log(JSON.stringify(journeys, undefined, 2));
  else for (const each of journeys) console.log(printed(each, flags.has('--all'), relative(process.cwd(), folder)));
  return journeys.some(({ journey }) => journey !== null) ? 0 : 1;
}

function printed({ title, traceId, journey }: FoundTrace & { journey: Journey | null }, all: boolean, folder: string) {
  if (traceId === null) return `${title}: was not traced\n`;
  if (journey === null)
    return `${title}: no span of trace ${traceId} is in ${folder}; they arrive within two seconds\n`;
  return printJourney(journey, { title, all });
}

function askAt({ ports }: StartSettings): Ask {
  return async (service, path) => {
    const port = ports[service];
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal }).catch((cause: unknown) => {
      throw new Error(`${service} does not answer on port ${port}: is the system started (npm start)?`, { cause });
    });
    if (response.status === NOT_FOUND) return null;
    if (!response.ok) throw new Error(`${service} answers ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  };
}
