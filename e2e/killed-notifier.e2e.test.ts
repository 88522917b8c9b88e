import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readCsv } from './independent/csv.ts';
import { readSubmit } from './independent/pdus.ts';
import { addressees } from './independent/town.ts';
import { familyOf } from './start-and-stop.processes.ts';
import { call, type StartedSystem, startSystem } from './started-system.ts';

const basePort = 19_340;
/** What one kill can repeat at 1,000 parts a second: two slices of a hundred (services/notifier/PROTOCOL.md, step 6). */
const MOST_REPEATED = 200;

let system: StartedSystem;

beforeAll(async () => {
  // An SMSC that takes its time, so that the run is under way when the notifier dies.
  system = await startSystem(basePort, { SIMULATOR_BEHAVIOUR: '{"answerDelayMs":40}', SMPP_WINDOW: '20' });
}, 300_000);
afterAll(() => system?.stop(), 120_000);

function mobilesTold(): string[] {
  return readFileSync(join(system.dataFolder, 'sms-simulator/pdus.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"direction":"in"'))
    .map((line) => readSubmit(Buffer.from((JSON.parse(line) as { pdu: string }).pdu, 'hex')))
    .filter((part) => part !== null)
    .map((part) => part.mobile);
}

describe('a notifier that is killed in the middle of a run', () => {
  test('is started again and tells everybody: nobody is left out, and only what may have left is repeated', async () => {
    const people = addressees(readCsv(join(system.dataFolder, 'town/connections.csv')));
    const zone =
      readCsv(join(system.dataFolder, 'town/network.csv')).find((node) => node['kind'] === 'zone')?.['code'] ?? '';
    const { id } = await call<{ id: string }>('POST', `${system.outage}/v1/outages`, {
      nodeIds: [zone],
      cause: 'storm',
    });
    await until(() => mobilesTold().length > people.length / 4, {
      deadlineMs: 60_000,
      describe: 'a quarter of the town to be told',
    });

    // Its guard is a shell that names the same file.
    const notifier = familyOf(system.pid).find(
      ({ command }) => command.endsWith('services/notifier/src/main.ts') && !command.startsWith('/bin/sh'),
    );
    if (notifier === undefined) throw new Error('the notifier is not there to be killed');
    process.kill(notifier.pid, 'SIGKILL');

    const run = await until(
      async () => {
        const { runs } = await call<{
          runs: { endedAt: string | null; state: string; counts: Record<string, number> }[];
        }>('GET', `${system.notifier}/v1/runs?outageId=${id}`);
        return runs.find(({ endedAt }) => endedAt !== null);
      },
      { deadlineMs: 180_000, describe: 'the run to end' },
    );

    const told = mobilesTold();
    expect(new Set(told)).toEqual(new Set(people.map(({ mobile }) => mobile)));
    expect(told.length - new Set(told).size).toBeLessThanOrEqual(MOST_REPEATED);
    expect(run.state).toBe('complete');
    expect(run.counts).toMatchObject({ accepted: people.length, inDoubt: 0, pending: 0 });
  }, 300_000);
});
