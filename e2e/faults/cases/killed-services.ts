import { until } from '@bijli/testing/until';
import type { Random } from '@bijli/start/town/random';
import { exactly, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { countOf } from '../ledger.ts';
import { restoreEverything } from '../restore.ts';
import { untilServes } from '../story.ts';
import type { FaultSystem, ServiceName } from '../system.ts';
import {
  complaintsOf,
  isTaken,
  paymentOf,
  post,
  postAll,
  stillMissing,
  transformerOutages,
  type Write,
} from '../writes.ts';

const WRITES = 200;
const IN_FLIGHT = 24;

/** Kills a service at a random moment under writes, and posts each once more under its key: the answer must be the same. */
async function killUnder(
  system: FaultSystem,
  random: Random,
  name: ServiceName,
  writes: readonly Write[],
): Promise<Finding[]> {
  const when = random.integer(20, 120);
  let killed: Promise<void> | undefined;
  const first = await postAll(writes, IN_FLIGHT, (answered) => {
    if (answered >= when) killed ??= system.processOf(name).end('SIGKILL');
  });
  await killed;
  await untilServes(system, name);
  const again = await Promise.all(writes.map((write) => post(write)));
  const refused = first.find(({ status }) => status >= 300);
  const differing = again.filter((answer, n) => answer?.status !== first[n]?.status || answer?.body !== first[n]?.body);
  return [
    told(`${WRITES} writes, ${IN_FLIGHT} at a time, killed after ${when} answers`),
    exactly('writes acknowledged', first.filter(isTaken).length, WRITES),
    ...(refused === undefined ? [] : [told(`one was refused: ${refused.status} ${refused.body.slice(0, 200)}`)]),
    exactly('repeats with another answer', differing.length, 0),
  ];
}

const killed = (name: ServiceName, play: FaultCase['play']): FaultCase => ({
  name: `kill -9 of ${name} under ${WRITES} writes`,
  promise: 'P1, P2, P17 (acknowledged = present, repeats answered alike)',
  isQuick: false,
  play,
});

const killedBilling = killed('billing', async (system, random) => {
  const writes = Array.from({ length: WRITES }, (_, n) => paymentOf(system, n));
  const findings = await killUnder(system, random, 'billing', writes);
  const payments = writes.map(({ reference }) => ({ reference, status: 201 }));
  return sumUp([
    ...findings,
    exactly('acknowledged and not there exactly once', await stillMissing(system, payments), 0),
  ]);
});

const killedComplaint = killed('complaint', async (system, random) => {
  const writes = complaintsOf(system, { from: 0, count: WRITES });
  const count = () => countOf(system.database('complaint'), 'select count(*)::int as n from complaint');
  const before = await count();
  const findings = await killUnder(system, random, 'complaint', writes);
  return sumUp([...findings, exactly('complaints made', (await count()) - before, WRITES)]);
});

const killedOutage = killed('outage', async (system, random) => {
  const writes = transformerOutages(system, WRITES);
  const open = () => countOf(system.database('outage'), `select count(*)::int as n from outage where status = 'open'`);
  const before = await open();
  const findings = await killUnder(system, random, 'outage', writes);
  const opened = (await open()) - before;
  await restoreEverything(system);
  return sumUp([...findings, exactly('outages open', opened, WRITES)]);
});

const killedRegistry = killed('consumer-registry', async (system, random) => {
  // Nobody is told of a cut on a connection that is off anyway: the town's people stay who they are.
  const accounts = system.connections.filter(({ state }) => state === 'disconnected');
  const when = random.integer(10, accounts.length / 2);
  let kill: Promise<void> | undefined;
  const statuses: number[] = [];
  for (const [n, account] of accounts.entries()) {
    if (n === when) kill = system.processOf('consumer-registry').end('SIGKILL');
    statuses.push(
      await until(() => changeNumber(system, account['account_number'] ?? '', n), {
        deadlineMs: 60_000,
        describe: 'an answer',
      }),
    );
  }
  await kill;
  await untilServes(system, 'consumer-registry');
  const sql = `select count(*)::int as n from contact_history where changed_by = 'faults' and what = 'mobile-number'`;
  return sumUp([
    told(`${accounts.length} numbers changed, one after the other, killed after ${when}`),
    exactly('changes acknowledged', statuses.filter((status) => status === 200).length, accounts.length),
    exactly('changes kept', await countOf(system.database('consumer-registry'), sql), accounts.length),
  ]);
});

async function changeNumber(system: FaultSystem, accountNumber: string, n: number): Promise<number | undefined> {
  const url = `${system.urlOf('consumer-registry')}/v1/connections/${accountNumber}/contacts/1/mobile-number`;
  const body = { mobileNumber: String(7_390_000_000 + n), source: 'je', changedBy: 'faults' };
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.status < 500 ? answer.status : undefined;
}

export const killedServices: readonly FaultCase[] = [killedBilling, killedComplaint, killedOutage, killedRegistry];
