import { randomName, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Feeder, refusalOf, startOnNetwork } from './outage-on-a-network.ts';

let town: Awaited<ReturnType<typeof startOnNetwork>>;
beforeAll(async () => {
  town = await startOnNetwork({ holdDownMinutes: 5 });
});
afterAll(() => town?.stop());

const report = (nodeIds: string[], more: object = {}) =>
  town.outage.ask('POST', '/v1/outages', { nodeIds, cause: 'storm', ...more });
const machine = { isConfirmed: false };
async function reported(more: object = {}): Promise<Feeder & { readonly id: unknown }> {
  const feeder = await town.freshFeeder();
  const { body } = await report([feeder.feeder], more);
  return { ...feeder, id: body['id'] };
}
/** What the sweeper says next is said: nothing of another outage before it was held back longer. */
async function nothingMoreThan(id: unknown, types: string[]): Promise<void> {
  town.forward(6);
  const marker = await reported();
  await town.typesOf(marker.id, 1);
  expect(await town.typesOf(id, types.length)).toEqual(types);
}

describe('supply comes back in steps', () => {
  test('by HTTP: node by node, but for some, and the rest at the end', async () => {
    const { id, feeder, transformers } = await reported();
    const [first = '', second = '', third = ''] = transformers;

    expect((await town.post(id, 'restoration', { nodeIds: [first] })).body).toMatchObject({
      ...{ status: 'open', version: 2, nodeIds: [second, third], ownNodeIds: [feeder], restoredAt: null },
    });
    expect((await town.post(id, 'restoration', { exceptNodeIds: [third] })).body).toMatchObject({
      ...{ status: 'open', version: 3, nodeIds: [third], ownNodeIds: [] },
    });
    expect((await town.post(id, 'restoration', { nodeIds: [third] })).body).toMatchObject({ status: 'restored' });
    const events = await town.eventsOf(id, 4);
    expect(
      events.map(({ type, nodeIds, ownNodeIds, energisedNodeIds }) => ({
        type,
        nodeIds,
        ownNodeIds,
        energisedNodeIds,
      })),
    ).toEqual([
      { type: 'OutageReported', nodeIds: [feeder], ownNodeIds: [], energisedNodeIds: [] },
      { type: 'SupplyPartlyRestored', nodeIds: [second, third], ownNodeIds: [feeder], energisedNodeIds: [first] },
      { type: 'SupplyPartlyRestored', nodeIds: [third], ownNodeIds: [], energisedNodeIds: [feeder] },
      { type: 'SupplyRestored', nodeIds: [third], ownNodeIds: [], energisedNodeIds: [third] },
    ]);
    expect(events.map(({ restoredAt }) => restoredAt === null)).toEqual([true, true, true, false]);
  });

  test('by the control room, on nodes without some below them', async () => {
    const { feeder, transformers } = await town.freshFeeder();
    const [first = '', second = '', third = ''] = transformers;
    const source = randomName('CR');
    const cut = { cause: 'storm', nodeIds: [feeder], exceptNodeIds: [first], estimateSource: null };
    const { id } = await town.says(source, 'OutageReported', cut);
    await town.says(source, 'SupplyPartlyRestored', { nodeIds: [second] });
    await town.says(source, 'SupplyRestored');

    const events = await town.eventsOf(id, 3);
    expect(
      events.map(({ type, nodeIds, ownNodeIds, estimateSource }) => ({ type, nodeIds, ownNodeIds, estimateSource })),
    ).toEqual([
      { type: 'OutageReported', nodeIds: [second, third], ownNodeIds: [feeder], estimateSource: 'cause-default' },
      { type: 'SupplyPartlyRestored', nodeIds: [third], ownNodeIds: [feeder], estimateSource: 'cause-default' },
      { type: 'SupplyRestored', nodeIds: [third], ownNodeIds: [feeder], estimateSource: 'cause-default' },
    ]);
  });

  test('while a transformer below has an outage of its own, in either order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { id, transformers } = await reported();
      const { body: nested } = await report(transformers.slice(0, 1));
      for (const index of order) await town.post([id, nested['id']][index], 'restoration');

      expect(await town.typesOf(id, 2)).toEqual(['OutageReported', 'SupplyRestored']);
      expect(await town.typesOf(nested['id'], 2)).toEqual(['OutageReported', 'SupplyRestored']);
    }
  });

  test('and goes again within minutes: the same outage, by report, by hand and by the control room', async () => {
    const { id, feeder } = await reported();
    await town.post(id, 'restoration');
    town.forward(3);
    expect(await report([feeder])).toMatchObject({ status: 200, body: { id, version: 3, status: 'open' } });
    await town.post(id, 'restoration');
    expect(await town.post(id, 'reopening')).toMatchObject({ status: 200, body: { version: 5, restoredAt: null } });
    await town.post(id, 'restoration');
    const source = randomName('CR');
    expect(await town.says(source, 'OutageReported', { cause: 'storm', nodeIds: [feeder] })).toMatchObject({ id });
    await town.says(source, 'SupplyRestored');
    await town.says(source, 'OutageReopened');

    const again = ['SupplyRestored', 'OutageReopened'];
    expect(await town.typesOf(id, 9)).toEqual(['OutageReported', ...again, ...again, ...again, ...again]);
    await town.post(id, 'restoration');
    town.forward(11);
    expect(refusalOf(await town.post(id, 'reopening'))).toBe('409 restored-too-long-ago');
    expect((await town.says(source, 'OutageReopened')).refusal).toBe('aggregateId restored-too-long-ago');
    expect((await report([feeder])).status).toBe(201);
  });
});

describe('what a machine reports', () => {
  test('by HTTP is told when it still stands after five minutes', async () => {
    const { id, feeder } = await reported(machine);
    expect(await town.get(id)).toMatchObject({
      ...{ status: 'unconfirmed', version: 0, pending: [{ type: 'OutageReported', reason: 'hold-down' }] },
    });
    expect(await report([feeder], machine)).toMatchObject({ status: 200, body: { id, isChanged: false } });
    await nothingMoreThan(id, ['OutageReported']);

    await town.post(id, 'restoration', machine);
    expect(await town.get(id)).toMatchObject({ status: 'open', pending: [{ type: 'SupplyRestored' }] });
    await nothingMoreThan(id, ['OutageReported', 'SupplyRestored']);
  });

  test('says nothing where it turns back before', async () => {
    const { id, feeder } = await reported(machine);
    await town.post(id, 'restoration', machine);
    expect(await town.get(id)).toMatchObject({ status: 'dropped', events: [] });

    const standing = await reported();
    await town.post(standing.id, 'restoration', machine);
    expect(await report([standing.feeder], machine)).toMatchObject({
      status: 200,
      body: { id: standing.id, pending: [] },
    });
    await nothingMoreThan(standing.id, ['OutageReported']);
    expect(await town.get(id)).toMatchObject({ version: 0 });
    expect((await report([feeder])).status).toBe(201);
  });

  test('is told at once when a person confirms it', async () => {
    const { id } = await reported(machine);
    expect((await town.post(id, 'confirmation')).body).toMatchObject({ status: 'open', version: 1, pending: [] });
    await town.post(id, 'restoration', machine);
    expect((await town.post(id, 'confirmation')).body).toMatchObject({ status: 'restored', version: 2 });

    expect(await town.typesOf(id, 2)).toEqual(['OutageReported', 'SupplyRestored']);
    expect(refusalOf(await town.post(id, 'confirmation'))).toBe('409 nothing-to-confirm');
  });

  test('by the control room waits, is confirmed, turns back', async () => {
    const [one, other] = [await town.freshFeeder(), await town.freshFeeder()];
    const [source, flapping] = [randomName('CR'), randomName('CR')];
    const cut = ({ feeder }: Feeder) => ({ cause: 'line-fault', nodeIds: [feeder] });

    const { id } = await town.says(source, 'OutageReported', { ...cut(one), ...machine });
    expect(await town.get(id)).toMatchObject({ status: 'unconfirmed' });
    await town.says(source, 'OutageReported', cut(one));
    await town.says(source, 'SupplyPartlyRestored', { nodeIds: one.transformers.slice(0, 1), ...machine });
    await town.says(source, 'SupplyRestored', machine);
    expect(await town.says(source, 'SupplyRestored', machine)).toMatchObject({ outcome: 'unchanged' });
    const { id: second } = await town.says(flapping, 'OutageReported', { ...cut(other), ...machine });
    await town.says(flapping, 'SupplyRestored', machine);
    expect(await town.says(flapping, 'OutageReported', { ...cut(other), ...machine })).toMatchObject({ id: second });
    await town.says(flapping, 'SupplyRestored');

    await nothingMoreThan(id, ['OutageReported', 'SupplyPartlyRestored', 'SupplyRestored']);
    expect(await town.get(second)).toMatchObject({ status: 'dropped', events: [] });
  });
});

describe('a return time that is about to pass', () => {
  test('is listed, counted, said in readiness and logged once', async () => {
    const { id } = await reported({ estimatedRestorationAt: town.inMinutes(30) });
    const expiring = async () =>
      ((await town.outage.ask('GET', '/v1/outages?estimate=expiring')).body['items'] as { id: string }[]).map(
        (each) => each.id,
      );
    const alarms = () =>
      town.outage.lines.filter((line) => line.includes('must say it anew') && line.includes(String(id)));
    expect(await expiring()).not.toContain(id);
    town.forward(21);

    expect(await expiring()).toContain(id);
    await until(() => alarms().length > 0, { describe: 'the alarm' });
    expect(JSON.parse(alarms()[0] ?? '')).toMatchObject({ level: 'error', outageId: id });
    const { parts } = (await town.outage.ask('GET', '/readyz')).body as {
      parts: Record<string, { ok: boolean; detail: string }>;
    };
    expect(parts['estimates']).toMatchObject({ ok: true, detail: expect.stringMatching(/^\d+ return times/) });

    await town.put(id, 'restoration-estimate', { estimatedRestorationAt: town.inMinutes(60) });
    expect(await expiring()).not.toContain(id);
    town.forward(55);
    await until(() => alarms().length === 2, { describe: 'the next alarm' });
  });
});

describe('bad input', () => {
  test('of a step is refused with field and rule, and nothing is written', async () => {
    const [{ id, feeder, transformers, substation }, other] = [await reported(), await reported()];
    const [first = '', second = ''] = transformers;
    await town.post(id, 'restoration', { nodeIds: [first] });
    const before = await town.get(id);
    const step = async (body: object, headers = {}) => refusalOf(await town.post(id, 'restoration', body, headers));
    const minutes = (count: number) => town.inMinutes(count);

    expect(await step({ nodeIds: [second, 'nowhere'] })).toBe('422 unknown-node /body/nodeIds/1 unknown-node');
    expect(await step({ nodeIds: [other.feeder] })).toBe('422 not-in-outage /body/nodeIds/0 not-in-outage');
    expect(await step({ nodeIds: [second, ...other.transformers] })).toBe(
      '422 not-in-outage /body/nodeIds/1 not-in-outage /body/nodeIds/2 not-in-outage /body/nodeIds/3 not-in-outage',
    );
    expect(await step({ nodeIds: [substation] })).toBe('422 not-in-outage /body/nodeIds/0 not-in-outage');
    expect(await step({ nodeIds: [first] })).toBe('409 already-energised /body/nodeIds/0 already-energised');
    expect(await step({ nodeIds: [second], exceptNodeIds: [feeder] })).toBe(
      '422 not-below /body/exceptNodeIds/0 not-below',
    );
    expect(await step({ nodeIds: [second], exceptNodeIds: [second] })).toBe(
      '422 excludes-everything /body/exceptNodeIds excludes-everything',
    );
    expect(await step({ exceptNodeIds: ['nowhere'] })).toBe('422 unknown-node /body/exceptNodeIds/0 unknown-node');
    expect(await step({ nodeIds: [second, second] })).toBe('400 invalid-request /body/nodeIds duplicate-node');
    expect(await step({ nodeIds: [] })).toBe('400 invalid-request /body/nodeIds minimum');
    expect(await step({ nodeIds: [second], restoredAt: minutes(1) })).toBe(
      '422 restored-in-the-future /body/restoredAt restored-in-the-future',
    );
    expect(await step({ nodeIds: [second], restoredAt: minutes(-60) })).toBe(
      '422 restored-before-start /body/restoredAt restored-before-start',
    );
    expect(await step({ nodeIds: [second] }, { 'if-match': '"1"' })).toBe(
      '409 stale-version /headers/if-match stale-version',
    );
    expect(await step({ nodeIds: [second], isConfirmed: 'no' })).toBe('400 invalid-request /body/isConfirmed type');
    expect(await town.get(id)).toEqual(before);

    const key = { 'idempotency-key': randomName('key') };
    const twice = [
      await town.post(id, 'restoration', { nodeIds: [second] }, key),
      await town.post(id, 'restoration', { nodeIds: [second] }, key),
    ];
    expect(twice.map(({ status, body }) => [status, body['version']])).toEqual([
      [200, 3],
      [200, 3],
    ]);
  });

  test('of excepted nodes and sources is refused with field and rule', async () => {
    const { feeder, transformers, substation } = await town.freshFeeder();
    const cut = async (more: object) => refusalOf(await report([feeder], more));

    expect(await cut({ exceptNodeIds: [substation] })).toBe('422 not-below /body/exceptNodeIds/0 not-below');
    expect(await cut({ exceptNodeIds: [feeder] })).toBe(
      '422 excludes-everything /body/exceptNodeIds excludes-everything',
    );
    expect(await cut({ exceptNodeIds: [...transformers, 'nowhere'] })).toBe(
      '422 unknown-node /body/exceptNodeIds/3 unknown-node',
    );
    expect(await cut({ exceptNodeIds: ['DT 1'] })).toBe('400 invalid-request /body/exceptNodeIds/0 format');
    expect(await cut({ estimateSource: 'oracle' })).toBe('400 invalid-request /body/estimateSource choice');
    expect((await town.outage.ask('GET', '/v1/outages?estimate=passed')).status).toBe(400);
  });

  test('of the control room is refused with field and rule', async () => {
    const { feeder, transformers } = await town.freshFeeder();
    const [first = '', second = ''] = transformers;
    const source = randomName('CR');
    const cut = { cause: 'storm', nodeIds: [feeder] };
    const refusals = async (type: string, given: object, id = source) => (await town.says(id, type, given)).refusal;

    expect(await refusals('OutageReported', { ...cut, exceptNodeIds: ['nowhere'] })).toBe(
      'exceptNodeIds.0 unknown-node',
    );
    expect(await refusals('OutageReported', { ...cut, exceptNodeIds: [feeder] })).toBe(
      'exceptNodeIds excludes-everything',
    );
    expect(await refusals('OutageReported', { ...cut, estimateSource: 'crew' })).toBe('estimateSource not-allowed');
    await town.says(source, 'OutageReported', { ...cut, exceptNodeIds: [first] });
    expect(await refusals('SupplyPartlyRestored', {})).toBe('nodeIds required');
    expect(await refusals('SupplyPartlyRestored', { nodeIds: [second, first] })).toBe('nodeIds.1 not-in-outage');
    expect(await refusals('SupplyPartlyRestored', { nodeIds: [second], exceptNodeIds: ['nowhere'] })).toBe(
      'exceptNodeIds.0 unknown-node',
    );
    expect(await refusals('SupplyRestored', { nodeIds: [second] })).toBe('nodeIds not-allowed');
    expect(await refusals('OutageReopened', {})).toBe('aggregateId not-restored');
    expect(await refusals('OutageReported', cut, randomName('CR'))).toBe(null);
    expect(await refusals('OutageReported', cut, randomName('CR'))).toBe('nodeIds already-out');
  });
});
