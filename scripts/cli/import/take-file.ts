import { explainAnswer } from './explain-answer.ts';
import { ImportProblem } from './import-problem.ts';
import type { InspectedFile } from './inspect-file.ts';
import { counted, type News } from './news.ts';
import type { FileKind, ImportOptions } from './read-options.ts';
import { type FileReport, reportLine } from './report.ts';
import { sendFile } from './send-file.ts';

/** What the command is given besides its options. */
export type Surroundings = {
  readonly news: News;
  readonly signal: AbortSignal;
  readonly secondsSinceStart: () => number;
};

/** A file and what became of it. */
export type Taken = { readonly file: InspectedFile; readonly report: FileReport };

const tickMs = 1_000;

/** Where the imports of a kind are at the registry. */
export function pathOf(kind: FileKind): string {
  return kind === 'network' ? '/v1/network-imports' : '/v1/connection-imports';
}

/**
 * Sends a file, tells how far it is, and what became of it. `before` is the network that was taken before it, if one was.
 * @throws ImportProblem
 */
export async function takeFile(
  file: InspectedFile,
  before: Taken | undefined,
  { registry, isDryRun }: ImportOptions,
  { news, signal, secondsSinceStart }: Surroundings,
): Promise<Taken> {
  let sent = 0;
  const tell = (): void => news.progress(howFar(file, sent, secondsSinceStart()));
  const ticks = setInterval(tell, tickMs);
  try {
    const url = `${registry}${pathOf(file.kind)}${isDryRun ? dryRunQuery(before) : ''}`;
    const onLines = (lines: number): void => {
      sent += lines;
      tell();
    };
    const answer = await sendFile(file, { url, signal, onLines });
    if (answer.status !== 200) throw new ImportProblem(explainAnswer(file, answer));
    const report = JSON.parse(answer.body) as FileReport;
    news.say(`${reportLine(file, report, isDryRun)} (after ${secondsSinceStart().toFixed(1)} s)`);
    return { file, report };
  } finally {
    clearInterval(ticks);
  }
}

/** The nodes of a network that was tried count as known for the connections that are tried after it. */
function dryRunQuery(before: Taken | undefined): string {
  return `?dryRun=true${before === undefined ? '' : `&networkImportId=${before.report.importId}`}`;
}

/** The last line may have no line end. */
function howFar({ name, lines }: InspectedFile, sent: number, seconds: number): string {
  if (sent < lines - 1) return `${name}: ${counted(sent)} of ${counted(lines)} lines sent`;
  return `${name}: sent; the registry checks and saves it (${seconds.toFixed(0)} s)`;
}
