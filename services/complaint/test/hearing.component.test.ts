import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { query, type SqlValues } from '@bijli/postgres';
import { randomName, until } from '@bijli/testing';
import { withPool } from './complaint-database.ts';
import { connectionEvent, inHours, nodeEvent, outageEvent } from './neighbour-events.ts';
import { startTown, type Town } from './town.ts';

let town: Town;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town?.stop());

describe('an open outage', () => {
  test('answers a complaint below it with cause and estimate instead of a ticket; once it is over there is a ticket', async () => {
    const { feeder, transformer } = await town.knownTree();
    const accountNumber = await town.knownAccount(transformer);
    const outage = await town.sayOutage([feeder]);
    const answered = await town.lodge(accountNumber);
    const explanation = {
      outageId: outage.aggregateId,
      cause: 'tree-on-line',
      estimatedRestorationAt: outage.estimatedRestorationAt,
    };

    expect(answered).toMatchObject({
      status: 201,
      body: {
        ...explanation,
        estimatedRestorationAt: outage.estimatedRestorationAt.toISOString(),
        status: 'answered',
        complaintNumber: expect.stringMatching(/^CMP-/),
        dueAt: null,
      },
    });
    expect((await town.reader.heard(answered.body['id'], 1))[0]?.event).toMatchObject({
      type: 'ComplaintAnswered',
      version: 1,
      status: 'answered',
      ...explanation,
    });
    expect(await town.lodge(accountNumber)).toMatchObject({
      status: 200,
      body: { joined: true, complaintNumber: answered.body['complaintNumber'] },
    });
    expect(await town.step(answered.body['complaintNumber'], 'resolution')).toMatchObject({
      status: 409,
      body: { code: 'already-answered' },
    });

    const { aggregateId } = outage;
    const restored = {
      aggregateId,
      version: 2,
      type: 'SupplyRestored',
      status: 'restored',
      restoredAt: inHours(0),
    } as const;
    await town.neighbours.say('outage.outage.v1', outageEvent([feeder], restored));
    await town.settled(aggregateId, 2);
    expect(await town.lodge(accountNumber)).toMatchObject({
      status: 201,
      body: { status: 'lodged', outageId: null, dueAt: expect.any(String) },
    });
  });

  test('with a new estimate answers anew', async () => {
    const { feeder } = await town.knownTree();
    const accountNumber = await town.knownAccount(feeder);
    const { aggregateId } = await town.sayOutage([feeder]);
    const first = await town.lodge(accountNumber);
    const moved = outageEvent([feeder], { aggregateId, version: 2, estimatedRestorationAt: inHours(5) });
    await town.neighbours.say('outage.outage.v1', moved);
    await town.settled(aggregateId, 2);
    const second = await town.lodge(accountNumber);

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body['estimatedRestorationAt']).toBe(moved.estimatedRestorationAt.toISOString());
  });

  test('whose estimate passed long ago explains nothing, nor does planned work that has not begun', async () => {
    const { feeder } = await town.knownTree();
    await town.sayOutage([feeder], { estimatedRestorationAt: inHours(-6.1) });
    await town.sayOutage([feeder], { kind: 'planned', status: 'announced', startsAt: inHours(1) });

    expect((await town.lodge(await town.knownAccount(feeder))).body).toMatchObject({
      status: 'lodged',
      outageId: null,
    });
  });
});

describe('what is heard', () => {
  const rowsOf = <Row>(sql: string, values?: SqlValues) =>
    withPool(town.complaint.database, (db) => query<Row>(db, sql, values));

  test('of a node twice, or late, changes nothing', async () => {
    const code = randomName('n');
    const second = nodeEvent(code, { version: 2, type: 'NodeMoved', parentId: 'S-2' });
    await town.neighbours.say('consumer-registry.network.v1', second);
    await town.settled(code, 1);
    await town.neighbours.say('consumer-registry.network.v1', second, nodeEvent(code, { parentId: 'S-1' }));
    await town.settled(code, 3);

    expect(await rowsOf('select parent_code from network_node where code = :code', { code })).toEqual([
      { parent_code: 'S-2' },
    ]);
    await town.neighbours.erase('consumer-registry.network.v1', code);
    await until(() => town.outcomesOf(code).includes('erased'), { describe: 'the tombstone' });
    expect(await rowsOf('select from network_node where code = :code', { code })).toEqual([]);
  });

  test('of a connection twice, or late, changes nothing; erased it leaves', async () => {
    const second = connectionEvent('4800000002', { version: 2, nodeId: 'DT-2' });
    const { aggregateId } = second;
    await town.neighbours.say('consumer-registry.connection.v1', second);
    await town.settled(aggregateId, 1);
    await town.neighbours.say(
      'consumer-registry.connection.v1',
      second,
      connectionEvent('4800000001', { aggregateId }),
    );
    await town.settled(aggregateId, 3);
    expect((await town.lodge('4800000001')).status).toBe(404);
    expect((await town.lodge('4800000002')).status).toBe(201);

    const erased = connectionEvent('4800000002', {
      aggregateId,
      version: 3,
      type: 'ConnectionErased',
      state: 'erased',
    });
    await town.neighbours.say('consumer-registry.connection.v1', erased);
    await town.settled(aggregateId, 4);
    expect((await town.lodge('4800000002')).status).toBe(404);
    await town.neighbours.erase('consumer-registry.connection.v1', aggregateId);
    await until(() => town.outcomesOf(aggregateId).includes('erased'), { describe: 'the tombstone' });
    expect(await rowsOf('select from connection where connection_id = :aggregateId', { aggregateId })).toEqual([]);
  });

  test('of an outage twice, or late, changes nothing', async () => {
    const first = await town.sayOutage(['F-late']);
    const { aggregateId } = first;
    const third = outageEvent(['F-late'], { aggregateId, version: 3, cause: 'overload' });
    const second = outageEvent(['F-late'], { aggregateId, version: 2, cause: 'storm' });
    await town.neighbours.say('outage.outage.v1', third, second, first, second);
    await town.settled(aggregateId, 5);

    expect(town.outcomesOf(aggregateId).filter((outcome) => outcome === 'repeated')).toHaveLength(2);
    expect(await rowsOf('select version, cause from outage where outage_id = :aggregateId', { aggregateId })).toEqual([
      { version: '3', cause: 'overload' },
    ]);
  });

  test('and cannot be read is a dead letter on each subscription, and the next is heard', async () => {
    const broken = {
      node: nodeEvent(randomName('n')),
      connection: connectionEvent('4700000001'),
      outage: outageEvent(['F-broken']),
    };
    await town.neighbours.sayBroken('consumer-registry.network.v1', broken.node);
    await town.neighbours.sayBroken('consumer-registry.connection.v1', broken.connection);
    await town.neighbours.sayBroken('outage.outage.v1', broken.outage);
    const { feeder } = await town.knownTree();
    const outage = await town.sayOutage([feeder]);
    const { body } = await town.lodge(await town.knownAccount(feeder));

    expect(body['outageId']).toBe(outage.aggregateId);
    for (const { aggregateId } of Object.values(broken))
      await until(() => town.outcomesOf(aggregateId).includes('dead'), {
        describe: 'the dead letter',
      });
    expect(await rowsOf('select distinct subscription from dead_letter order by 1')).toEqual([
      { subscription: 'connections' },
      { subscription: 'network' },
      { subscription: 'outages' },
    ]);
  });

  test('and makes no sense is a dead letter, and its neighbours are applied', async () => {
    const odd = connectionEvent('4700000002', { aggregateId: 'not-a-uuid' });
    await town.neighbours.say('consumer-registry.connection.v1', odd, connectionEvent('4700000003'));
    await town.settled('not-a-uuid', 1);

    expect(town.outcomesOf('not-a-uuid')).toEqual(['dead']);
    await until(async () => (await town.lodge('4700000003')).status === 201, { describe: 'the neighbour' });
  });
});
