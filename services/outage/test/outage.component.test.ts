import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { query } from '@bijli/postgres';
import { randomName, until } from '@bijli/testing';
import { withPool } from './outage-database.ts';
import {
  makeTopics,
  nodeEvent,
  type RunningOutage,
  startOutage,
  startReader,
  startWithoutDatabase,
} from './running-outage.ts';
import { startRegistry } from './neighbours.ts';

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
let prefix: string;
let outage: RunningOutage;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let reader: Awaited<ReturnType<typeof startReader>>;
let nodeCount = 0;

beforeAll(async () => {
  prefix = randomName('f');
  await makeTopics();
  [outage, registry, reader] = await Promise.all([startOutage(), startRegistry(), startReader()]);
});
afterAll(async () => {
  await Promise.all([outage?.stop(), registry?.stop(), reader?.stop()]);
});

/** Codes of nodes that the service knows. */
async function knownNodes(count: number): Promise<string[]> {
  const codes = Array.from({ length: count }, () => `${prefix}-${(nodeCount += 1)}`);
  await registry.say(...codes.map((code) => nodeEvent(code)));
  await until(() => codes.every((code) => outage.outcomes.some(({ key }) => key === code)), {
    describe: 'the nodes to be known',
  });
  return codes;
}

const report = (nodeIds: string[], more: object = {}, headers: Record<string, string> = {}) =>
  outage.ask('POST', '/v1/outages', { nodeIds, cause: 'storm', ...more }, headers);
const rules = (body: Record<string, unknown>) =>
  ((body['errors'] ?? []) as { field: string; rule: string }[]).map(({ field, rule }) => `${field} ${rule}`);

describe('outage', () => {
  test('reports a cut: answer, state, event, log', async () => {
    const nodeIds = await knownNodes(2);
    const answer = await report(nodeIds, { startedAt: inHours(-1), estimatedRestorationAt: inHours(2) });
    const { id } = answer.body;

    expect(answer).toMatchObject({
      status: 201,
      body: { version: 1, kind: 'unplanned', status: 'open', cause: 'storm', nodeIds, restoredAt: null },
    });
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([`/v1/outages/${String(id)}`, '"1"']);
    const { isChanged, ...unmarked } = answer.body;
    expect(isChanged).toBe(true);
    expect(await outage.ask('GET', `/v1/outages/${String(id)}`)).toMatchObject({
      status: 200,
      body: { ...unmarked, events: [{ version: 1, type: 'OutageReported' }] },
    });
    const [record] = await reader.heard(id, 1);
    expect(record?.event).toMatchObject({
      type: 'OutageReported',
      aggregateId: id,
      version: 1,
      status: 'open',
      nodeIds,
      startsAt: new Date(String(answer.body['startsAt'])),
    });
    expect(record?.headers).toMatchObject({ ce_type: 'OutageReported', ce_subject: id });
    expect(outage.lines.filter((line) => line.includes(`"outageId":"${String(id)}"`))).toHaveLength(1);
  });

  test('announces planned work, moves its end, and says both without a gap', async () => {
    const [node = ''] = await knownNodes(1);
    const announced = await outage.ask('POST', '/v1/planned-outages', {
      nodeIds: [node],
      cause: 'maintenance',
      startsAt: inHours(2),
      endsAt: inHours(4),
    });
    const path = `/v1/outages/${String(announced.body['id'])}`;
    expect(announced).toMatchObject({ status: 201, body: { kind: 'planned', status: 'announced' } });

    const moved = await outage.ask(
      'PUT',
      `${path}/restoration-estimate`,
      { estimatedRestorationAt: inHours(5) },
      { 'if-match': '"1"' },
    );
    expect(moved).toMatchObject({ status: 200, body: { version: 2, isChanged: true } });
    const until = { estimatedRestorationAt: moved.body['estimatedRestorationAt'] };
    expect(await outage.ask('PUT', `${path}/restoration-estimate`, until)).toMatchObject({
      status: 200,
      body: { version: 2, isChanged: false },
    });
    expect(
      await outage.ask(
        'PUT',
        `${path}/restoration-estimate`,
        { estimatedRestorationAt: inHours(6) },
        { 'if-match': '"1"' },
      ),
    ).toMatchObject({ status: 409, body: { code: 'stale-version' } });
    expect(await outage.ask('POST', `${path}/restoration`, {})).toMatchObject({
      status: 409,
      body: { code: 'not-begun' },
    });

    const said = await reader.heard(announced.body['id'], 2);
    expect(said.map(({ event }) => [event.version, event.type])).toEqual([
      [1, 'PlannedOutageAnnounced'],
      [2, 'PlannedWorkRescheduled'],
    ]);
  });

  test('restores once', async () => {
    const { body } = await report(await knownNodes(1));
    const path = `/v1/outages/${String(body['id'])}/restoration`;

    expect(await outage.ask('POST', path, {})).toMatchObject({
      status: 200,
      body: { status: 'restored', version: 2, restoredAt: expect.any(String) },
    });
    expect(await outage.ask('POST', path, {})).toMatchObject({ status: 409, body: { code: 'already-restored' } });
    expect((await reader.heard(body['id'], 2)).map(({ event }) => event.type)).toEqual([
      'OutageReported',
      'SupplyRestored',
    ]);
  });

  test('names each node that it does not know, and writes nothing', async () => {
    const [node = ''] = await knownNodes(1);
    const answer = await report(['nowhere-1', node, 'nowhere-2']);

    expect(answer).toMatchObject({ status: 422, body: { code: 'unknown-node' } });
    expect(rules(answer.body)).toEqual(['/body/nodeIds/0 unknown-node', '/body/nodeIds/2 unknown-node']);
    expect(JSON.stringify(answer.body)).not.toContain('nowhere');
    expect((await report([node])).status).toBe(201);
  });

  test('refuses a second cut on exactly one of the same nodes and names the first, until that is over', async () => {
    const [shared = '', other = ''] = await knownNodes(2);
    const first = await report([shared]);
    expect(await report([other, shared])).toMatchObject({
      status: 409,
      body: { code: 'already-out', outageId: first.body['id'] },
    });

    await outage.ask('POST', `/v1/outages/${String(first.body['id'])}/restoration`, {});
    expect((await report([other, shared])).status).toBe(201);
  });

  test('accepts planned work on a node that is out, and other windows on a node with planned work', async () => {
    const [node = ''] = await knownNodes(1);
    await report([node]);
    const announce = (from: number, to: number) =>
      outage.ask('POST', '/v1/planned-outages', {
        nodeIds: [node],
        cause: 'line-repair',
        startsAt: inHours(from),
        endsAt: inHours(to),
      });

    expect((await announce(10, 12)).status).toBe(201);
    expect((await announce(20, 22)).status).toBe(201);
    expect((await announce(11, 21)).status).toBe(409);
  });

  test('lets one of two reports of the same node through that come at once', async () => {
    const [node = ''] = await knownNodes(1);
    const answers = await Promise.all([1, 2, 3, 4].map(() => report([node])));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  test('lists pages, filtered by status', async () => {
    for (const node of await knownNodes(3)) await report([node]);
    const first = await outage.ask('GET', '/v1/outages?status=open&limit=2');
    const second = await outage.ask(
      'GET',
      `/v1/outages?status=open&limit=2&cursor=${String(first.body['nextCursor'])}`,
    );
    const ids = [first, second].flatMap(({ body }) => (body['items'] as { id: string }[]).map(({ id }) => id));

    expect(new Set(ids).size).toBe(4);
    expect(ids).toEqual([...ids].sort().reverse());
  });

  test('tells its causes', async () => {
    const { body } = await outage.ask('GET', '/v1/causes');

    expect((body['items'] as object[])[0]).toEqual({
      code: 'maintenance',
      cim: null,
      defaultDurationMinutes: 240,
    });
  });
});

describe('an Idempotency-Key', () => {
  test('repeats the answer and does it once, also when both come at once', async () => {
    const nodeIds = await knownNodes(1);
    const key = { 'idempotency-key': randomName('key') };
    const atOnce = await Promise.all([report(nodeIds, {}, key), report(nodeIds, {}, key)]);
    const answers = [...atOnce, await report(nodeIds, {}, key)];

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    expect(answers[2]?.headers.get('location')).toBe(answers[0]?.headers.get('location'));
    expect(await reader.heard(answers[0]?.body['id'], 1)).toHaveLength(1);
  });

  test('with another request is refused', async () => {
    const nodeIds = await knownNodes(1);
    const key = { 'idempotency-key': randomName('key') };
    await report(nodeIds, {}, key);

    expect(await report(nodeIds, { cause: 'overload' }, key)).toMatchObject({
      status: 422,
      body: { code: 'key-reused' },
    });
  });

  test('does not keep a refusal: the node may become known', async () => {
    const code = `${prefix}-late`;
    const key = { 'idempotency-key': randomName('key') };
    expect((await report([code], {}, key)).status).toBe(422);

    await registry.say(nodeEvent(code));
    await until(async () => (await report([code], {}, key)).status === 201, { describe: 'the node to be known' });
  });

  test('repeats a restoration', async () => {
    const { body } = await report(await knownNodes(1));
    const restore = () =>
      outage.ask(
        'POST',
        `/v1/outages/${String(body['id'])}/restoration`,
        {},
        { 'idempotency-key': `back-${String(body['id'])}` },
      );
    const [first, second] = [await restore(), await restore()];

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
  });
});

describe('bad input', () => {
  const nodeIds = ['F-1'];
  const planned = { nodeIds, cause: 'maintenance', startsAt: inHours(1), endsAt: inHours(2) };
  const cases: [what: string, path: string, body: unknown, status: number, errors: string[]][] = [
    ['no nodes', '/v1/outages', { nodeIds: [], cause: 'storm' }, 400, ['/body/nodeIds minimum']],
    [
      '2,001 nodes',
      '/v1/outages',
      { nodeIds: Array.from({ length: 2_001 }, (_none, index) => `N-${index}`), cause: 'storm' },
      400,
      ['/body/nodeIds maximum'],
    ],
    ['a node twice', '/v1/outages', { nodeIds: ['F-1', 'F-1'], cause: 'storm' }, 400, ['/body/nodeIds duplicate-node']],
    ['a node that is no code', '/v1/outages', { nodeIds: ['F 1'], cause: 'storm' }, 400, ['/body/nodeIds/0 format']],
    ['a cause of no list', '/v1/outages', { nodeIds, cause: 'monkeys' }, 400, ['/body/cause choice']],
    [
      'an estimate without zone',
      '/v1/outages',
      { nodeIds, cause: 'storm', estimatedRestorationAt: '2026-01-30T10:00:00' },
      400,
      ['/body/estimatedRestorationAt instant'],
    ],
    [
      'an estimate in the past',
      '/v1/outages',
      { nodeIds, cause: 'storm', estimatedRestorationAt: inHours(-1) },
      422,
      ['/body/estimatedRestorationAt estimate-in-the-past'],
    ],
    [
      'an estimate in ten years',
      '/v1/outages',
      { nodeIds, cause: 'storm', estimatedRestorationAt: inHours(87_600) },
      422,
      ['/body/estimatedRestorationAt estimate-too-far-ahead'],
    ],
    [
      'a beginning in the future',
      '/v1/outages',
      { nodeIds, cause: 'storm', startedAt: inHours(1) },
      422,
      ['/body/startedAt started-in-the-future'],
    ],
    [
      'planned work that ends before it starts',
      '/v1/planned-outages',
      { ...planned, endsAt: inHours(0.5) },
      422,
      ['/body/endsAt ends-before-start'],
    ],
    [
      'planned work in the past',
      '/v1/planned-outages',
      { ...planned, startsAt: inHours(-1) },
      422,
      ['/body/startsAt starts-in-the-past'],
    ],
    ['a free text', '/v1/planned-outages', { ...planned, text: 'call 9876500042' }, 400, ['/body/text unknown-field']],
    [
      'duplicate keys',
      '/v1/outages',
      '{"nodeIds":["F-1"],"cause":"storm","cause":"safety"}',
      400,
      ['/body/cause duplicate-key'],
    ],
    ['an id that is none', '/v1/outages/42/restoration', {}, 400, ['/params/id format']],
    ['a restoration of nothing', '/v1/outages/019c0d2c-0000-7000-8000-000000000000/restoration', {}, 404, []],
  ];

  test.each(cases)('%s is refused with field and rule', async (_what, path, body, status, errors) => {
    const answer = await outage.ask('POST', path, body);

    expect([answer.status, ...rules(answer.body)]).toEqual([status, ...errors]);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  });

  test.each(['?limit=1000000000', '?status=gone', '?status=open&status=open', '?cursor=bm9uZQ', '?Limit=1'])(
    'the list refuses %s',
    async (search) => {
      expect((await outage.ask('GET', `/v1/outages${search}`)).status).toBe(400);
    },
  );
});

describe('the projection of the network', () => {
  const nameOf = async (code: string) => {
    let name: string | undefined;
    await withPool(outage.database, async (db) => {
      [name] = (
        await query<{ name_en: string }>(db, 'select name_en from network_node where code = :code', { code })
      ).map((row) => row.name_en);
    });
    return name;
  };
  const outcomesOf = (code: string) => outage.outcomes.filter(({ key }) => key === code).map(({ outcome }) => outcome);
  const settled = (code: string, count: number) =>
    until(() => outcomesOf(code).length === count, {
      describe: () => `${count} outcomes, so far ${outcomesOf(code).join(' ')}`,
    });

  test('stays as it is when an event is delivered twice, or an older one late', async () => {
    const code = `${prefix}-twice`;
    const second = nodeEvent(code, { version: 2, type: 'NodeChanged', nameEn: 'second' });
    await registry.say(second);
    await settled(code, 1);
    await registry.say(second, nodeEvent(code, { nameEn: 'first' }));
    await settled(code, 3);

    expect(await nameOf(code)).toBe('second');
  });

  test('forgets a node that is erased', async () => {
    const [code = ''] = await knownNodes(1);
    await registry.erase(code);
    await until(() => outcomesOf(code).includes('erased'), { describe: 'the tombstone' });

    expect((await report([code])).body['code']).toBe('unknown-node');
  });
});

describe('the process', () => {
  test('is ready, alive and measured', async () => {
    await until(async () => (await outage.ask('GET', '/readyz')).status === 200, { describe: 'readiness' });

    expect(await outage.ask('GET', '/readyz')).toMatchObject({
      body: {
        parts: {
          database: { ok: true },
          'outbox-relay': { ok: true },
          subscriptions: { ok: true },
          http: { ok: true },
        },
      },
    });
    expect((await outage.ask('GET', '/livez')).status).toBe(200);
  });

  test('answers 503 and when to ask again while PostgreSQL is away, and names it as not ready', async () => {
    const alone = await startWithoutDatabase();
    const answer = await alone.ask('GET', '/v1/outages');
    const { body } = await alone.ask('GET', '/readyz');
    await alone.stop();

    expect([answer.status, answer.headers.get('retry-after'), answer.body['code']]).toEqual([503, '5', 'unavailable']);
    expect(body).toMatchObject({
      ok: false,
      parts: { database: { ok: false, detail: expect.stringContaining('ECONNREFUSED') } },
    });
  });

  test('answers and accepts while Kafka is away, and says that it is not ready', async () => {
    const alone = await startOutage({ brokers: ['127.0.0.1:1'] });
    await withPool(alone.database, async (db) => {
      await query(db, `insert into network_node values ('F-1', 1, 'feeder', null, 'F', '')`);

      expect((await alone.ask('POST', '/v1/outages', { nodeIds: ['F-1'], cause: 'storm' })).status).toBe(201);
      expect((await alone.ask('GET', '/v1/outages')).status).toBe(200);
      expect(await alone.ask('GET', '/readyz')).toMatchObject({
        status: 503,
        body: { parts: { subscriptions: { ok: false } } },
      });
      expect(await query(db, 'select from outbox_event where published_at is null')).toHaveLength(1);
    });
    await alone.stop();
  });
});
