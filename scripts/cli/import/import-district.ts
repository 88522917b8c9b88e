import { awaitAudience, type Expected } from './await-audience.ts';
import { readAudience, readHeard } from './heard.ts';
import { inspectFile } from './inspect-file.ts';
import { counted } from './news.ts';
import type { FileKind, ImportOptions } from './read-options.ts';
import { listRefusedRows } from './refused-rows.ts';
import { mustAnswer } from './send-file.ts';
import { type Surroundings, type Taken, takeFile } from './take-file.ts';

/**
 * Sends the files to the registry, network first, tells what became of them, and waits until everybody in them can be told. Resolves with
 * the number of rows that were refused.
 * @throws ImportProblem
 */
export async function importDistrict(options: ImportOptions, around: Surroundings): Promise<number> {
  const { news } = around;
  const files = await Promise.all(options.files.map(({ kind, path }) => inspectFile(kind, path)));
  for (const { name, lines } of files) news.say(`${name}: ${counted(lines)} lines`);
  await mustAnswer(options.registry);
  const expects = options.isDryRun || options.notifier === null ? null : await lookBefore(options.notifier);
  const taken: Taken[] = [];
  for (const file of files) taken.push(await takeFile(file, taken[0], options, around));
  await listRefusedRows(taken, options, news);
  if (options.isDryRun) news.say(`dry run: nothing of ${files.map(({ name }) => name).join(' and ')} was taken`);
  if (expects !== null && options.notifier !== null) await waitUntilSendable(options.notifier, expects(taken), around);
  return taken.reduce((sum, { report }) => sum + report.refused, 0);
}

/** Notes what a notifier has heard, and gives what turns the reports of an import into what it will have to hear. */
async function lookBefore(notifier: string): Promise<(taken: readonly Taken[]) => Expected & { rows: number }> {
  const [before, audienceBefore] = [await readHeard(notifier), await readAudience(notifier)];
  return (taken) => {
    const ofKind = (kind: FileKind) => taken.find(({ file }) => file.kind === kind)?.report;
    const [network, connections] = [ofKind('network'), ofKind('connections')];
    return {
      before,
      audienceBefore,
      rows: taken.reduce((sum, { report }) => sum + report.rows, 0),
      nodes: (network?.registered ?? 0) + (network?.changed ?? 0),
      connections: (connections?.registered ?? 0) + (connections?.changed ?? 0),
      registered: connections?.registered ?? 0,
    };
  };
}

async function waitUntilSendable(
  notifier: string,
  expected: Expected & { rows: number },
  around: Surroundings,
): Promise<void> {
  const { news, secondsSinceStart } = around;
  if (expected.nodes + expected.connections === 0) {
    news.say(expected.rows === 0 ? 'nothing new: there are no rows in it' : 'nothing new: all of it was known already');
    return;
  }
  const { audience, dead } = await awaitAudience(notifier, expected, around);
  const whom = `${counted(audience.connections)} connections, ${counted(audience.reachable)} contacts can be told`;
  news.say(`sendable after ${secondsSinceStart().toFixed(1)} s: ${whom}`);
  if (dead > 0) news.say(`${counted(dead)} records could not be handled: npm run dead-letters says why`);
}
