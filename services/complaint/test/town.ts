import { randomName, until } from '@bijli/testing';
import { connectionEvent, nodeEvent, outageEvent } from './neighbour-events.ts';
import { makeTopics, startComplaint, startNeighbours, startReader } from './running-complaint.ts';

/** The service with a registry and an outage service beside it, a reader of what it says, and consumers who complain. */
export type Town = Awaited<ReturnType<typeof startTown>>;

export async function startTown() {
  const kafka = await makeTopics();
  const [complaint, neighbours, reader] = await Promise.all([
    startComplaint(kafka),
    startNeighbours(kafka),
    startReader(kafka),
  ]);
  let accounts = 0;

  /** What became of the records of a key. */
  const outcomesOf = (key: string) => complaint.outcomes.filter((each) => each.key === key).map((each) => each.outcome);
  const settled = (key: string, count: number) =>
    until(() => outcomesOf(key).length >= count, {
      describe: () => `${count} outcomes, so far ${outcomesOf(key).join(' ')}`,
    });
  const lodge = (accountNumber: string, kind = 'no-supply', headers: Record<string, string> = {}) =>
    complaint.ask('POST', '/v1/complaints', { accountNumber, kind }, headers);
  const step = (number: unknown, name: string, body: object = {}, headers: Record<string, string> = {}) =>
    complaint.ask('POST', `/v1/complaints/${String(number)}/${name}`, body, headers);

  /** The account number of a connection that the service knows. */
  async function knownAccount(nodeId = ''): Promise<string> {
    accounts += 1;
    const account = `41${String(accounts).padStart(8, '0')}`;
    const event = connectionEvent(account, { nodeId });
    await neighbours.say('consumer-registry.connection.v1', event);
    await settled(event.aggregateId, 1);
    return account;
  }
  /** A feeder of its own with a transformer below it, both known. */
  async function knownTree() {
    const name = randomName('n');
    const [feeder, transformer] = [`F-${name}`, `DT-${name}`];
    const below = nodeEvent(transformer, { kind: 'distribution-transformer', parentId: feeder });
    await neighbours.say('consumer-registry.network.v1', nodeEvent(feeder), below);
    await Promise.all([settled(feeder, 1), settled(transformer, 1)]);
    return { feeder, transformer };
  }
  async function sayOutage(...given: Parameters<typeof outageEvent>) {
    const event = outageEvent(...given);
    await neighbours.say('outage.outage.v1', event);
    await settled(event.aggregateId, 1);
    return event;
  }
  /** A complaint that is said to be fixed, and whose account it is. */
  async function resolved() {
    const accountNumber = await knownAccount();
    const { body } = await lodge(accountNumber);
    const number = String(body['complaintNumber']);
    await step(number, 'resolution');
    return { accountNumber, number, id: String(body['id']) };
  }
  const stop = async () => {
    await Promise.all([complaint.stop(), neighbours.stop(), reader.stop()]);
  };
  return {
    complaint,
    neighbours,
    reader,
    outcomesOf,
    settled,
    lodge,
    step,
    knownAccount,
    knownTree,
    sayOutage,
    resolved,
    stop,
  };
}
