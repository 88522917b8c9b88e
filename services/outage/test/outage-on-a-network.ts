import { randomName, until } from '@bijli/testing';
import { controlRoomEvent, startControlRoom, startRegistry } from './neighbours.ts';
import { type Answered, makeTopics, nodeEvent, startOutage, startReader } from './running-outage.ts';

type Settings = NonNullable<Parameters<typeof startOutage>[0]>['config'];
/** A feeder with three transformers below it, on a substation of its own. */
export type Feeder = { readonly substation: string; readonly feeder: string; readonly transformers: string[] };

/** The service, a registry, a control room and a reader, apart from other tests, with a clock that a test moves forward. */
export async function startOnNetwork(config: Settings = {}) {
  const prefix = `${randomName('network')}.`;
  await makeTopics(prefix);
  let aheadMs = 0;
  const clock = (): Date => new Date(Date.now() + aheadMs);
  const [outage, registry, controlRoom, reader] = await Promise.all([
    startOutage({ prefix, clock, config }),
    startRegistry(prefix),
    startControlRoom(prefix),
    startReader(prefix),
  ]);
  let feeders = 0;
  const outcomesOf = (eventId: string) => outage.outcomes.filter((each) => each.eventId === eventId);

  const path = (id: unknown, step = '') => `/v1/outages/${String(id)}${step === '' ? '' : `/${step}`}`;
  return {
    outage,
    /** So many minutes from the clock's now. */
    inMinutes: (minutes: number) => new Date(clock().getTime() + minutes * 60_000).toISOString(),
    forward: (minutes: number): void => {
      aheadMs += minutes * 60_000;
    },
    /** A feeder that the service knows and no outage has. */
    freshFeeder: async (): Promise<Feeder> => {
      const [substation, feeder] = [`S-${(feeders += 1)}`, `F-${feeders}`];
      const transformers = [1, 2, 3].map((number) => `DT-${feeders}-${number}`);
      await registry.say(
        nodeEvent(substation, { kind: 'substation' }),
        nodeEvent(feeder, { parentId: substation }),
        ...transformers.map((code) => nodeEvent(code, { kind: 'distribution-transformer', parentId: feeder })),
      );
      await until(() => outage.outcomes.some(({ key }) => key === transformers.at(-1)), { describe: 'the nodes' });
      return { substation, feeder, transformers };
    },
    get: async (id: unknown) => (await outage.ask('GET', path(id))).body,
    post: (id: unknown, step: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answered> =>
      outage.ask('POST', path(id, step), body, headers),
    put: (id: unknown, step: string, body: object, headers: Record<string, string> = {}): Promise<Answered> =>
      outage.ask('PUT', path(id, step), body, headers),
    /** The types of the events of an outage when so many were heard. */
    typesOf: async (id: unknown, count: number) => (await reader.heard(id, count)).map(({ event }) => event.type),
    eventsOf: async (id: unknown, count: number) => (await reader.heard(id, count)).map(({ event }) => event),
    /** Says something as the control room, by its own id of an outage; resolves with what became of it, and with our id. */
    says: async (sourceId: string, type: string, given: object = {}) => {
      const event = controlRoomEvent({
        aggregateId: sourceId,
        type: type as 'OutageReported',
        occurredAt: clock(),
        ...given,
      });
      await controlRoom.say(event);
      await until(() => outcomesOf(event.eventId).length > 0, { describe: `an outcome of ${type}` });
      const { body } = await outage.ask('GET', `/v1/control-room-events/${event.eventId}`);
      const { outcome, taken, refusals } = body as {
        outcome: string;
        taken: { outageId: string } | null;
        refusals: { errors: { field: string; rule: string }[] }[];
      };
      const [error] = refusals[0]?.errors ?? [];
      return { outcome, id: taken?.outageId, refusal: error === undefined ? null : `${error.field} ${error.rule}` };
    },
    stop: async () => {
      await Promise.all([outage.stop(), registry.stop(), controlRoom.stop(), reader.stop()]);
    },
  };
}

/** Code, field and rule of a refusal. */
export function refusalOf({ status, body }: Answered): string {
  const errors = (body['errors'] ?? []) as { field: string; rule: string }[];
  return [status, String(body['code']), ...errors.map(({ field, rule }) => `${field} ${rule}`)].join(' ');
}
