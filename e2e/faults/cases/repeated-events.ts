import { until } from '@bijli/testing/until';
import { produce } from '../../produce-records.ts';
import { call } from '../../started-system.ts';
import { atMost, exactly, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { endStory, judgeTold } from '../judge.ts';
import { countOf } from '../ledger.ts';
import { restoreEverything } from '../restore.ts';
import { timesByMobile } from '../smsc-log.ts';
import { bringBack, goDark, textsOf, untilOver, untilServes, untilTold } from '../story.ts';
import type { FaultSystem } from '../system.ts';
import { eventsSaid, moveOffsets, recordsOf } from '../topic-records.ts';
import { postAll, transformerOutages } from '../writes.ts';

const OUTAGE = 'outage.outage.v1';
/** A history of fewer events would show little. */
const LEAST_EVENTS = 60;

/** Makes outages, and ends them, where there were few. */
async function withHistory(system: FaultSystem): Promise<void> {
  if ((await eventsSaid(system, 'outage')).length >= LEAST_EVENTS) return;
  await postAll(transformerOutages(system, LEAST_EVENTS / 2), 1);
  await restoreEverything(system);
}

/** Begins a run behind a long history. @returns it, and all that was said. */
async function inTheMiddle(system: FaultSystem) {
  await withHistory(system);
  const story = await goDark(system);
  await untilTold(system, story, 0.3);
  return { story, events: await eventsSaid(system, 'outage') };
}

const enough = (events: number): Finding => ({
  what: `${events} events of outages (at least ${LEAST_EVENTS})`,
  isSo: events >= LEAST_EVENTS,
});

const shuffled: FaultCase = {
  name: 'every event of every outage three times more, shuffled, in the middle of a run',
  promise: 'P2, P3, P4, P10: 0 more texts',
  isQuick: false,
  play: async (system, random) => {
    const { story, events } = await inTheMiddle(system);
    const records = await recordsOf(system, OUTAGE, events);
    await produce(
      `127.0.0.1:${system.proxies.kafka.port}`,
      OUTAGE,
      random.shuffled([...records, ...records, ...records]),
    );
    await untilOver(system, story);
    return sumUp([
      enough(events.length),
      told(`${3 * records.length} records more`),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};

const replayed: FaultCase = {
  name: 'all that the notifier hears of outages replayed from offset 0 in the middle of a run',
  promise: 'P2, P3, P4: 0 more texts',
  isQuick: false,
  play: async (system) => {
    const { story, events } = await inTheMiddle(system);
    const groups = await moveOffsets(system, OUTAGE, { to: ({ low }) => low });
    await untilOver(system, story);
    return sumUp([
      enough(events.length),
      exactly('groups that heard them again', groups.length, 1),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};

const AHEAD = 1_000;

// Kafka has neither what is before its first record nor what is behind its last: who asks for it reads from its first.
const outOfRange: FaultCase = {
  name: 'the notifier’s offsets below all that Kafka has, or above it, when it starts in a run',
  promise: 'P1, P2, P3, P4, P18',
  isQuick: false,
  play: async (system) => {
    const { story, events } = await inTheMiddle(system);
    await untilHeard(system, events);
    const groups = await moveOffsets(system, OUTAGE, {
      forgetsAll: true,
      to: ({ partition, high }) => (partition % 2 === 0 ? 0 : high + AHEAD),
    });
    await untilServes(system, 'notifier');
    await untilOver(system, story);
    return sumUp([
      enough(events.length),
      exactly('groups out of range', groups.length, 1),
      ...(await judgeTold(system, story)),
      ...(await endStory(system, story)),
    ]);
  },
};

const FEEDER = 'F-1103';
/** A gap in the versions of an outage is waited out for a minute. */
const TOLD_AFTER_MS = 90_000;

const forgotten: FaultCase = {
  name: 'an outage said and forgotten by Kafka while the notifier was stopped, and then its next version',
  promise: 'P3, P8, P18: the newest state is told',
  isQuick: false,
  play: async (system) => {
    const before = await eventsSaid(system, 'outage');
    await untilHeard(system, before);
    const heard = new Set(before);
    let story = { id: '', version: 0, mark: system.smsc.mark() };
    const said = async (): Promise<void> => {
      story = await goDark(system, FEEDER);
      for (const id of await eventsSaid(system, 'outage')) if (!heard.has(id)) system.forgotten.add(id);
    };
    const known = system.forgotten.size;
    await moveOffsets(system, OUTAGE, { forgetsAll: true, to: () => 0 }, said);
    await untilServes(system, 'notifier');
    const at = Date.now();
    const estimatedRestorationAt = new Date(at + 9 * 3_600_000).toISOString();
    const url = `${system.urlOf('outage')}/v1/outages/${story.id}/restoration-estimate`;
    const { version } = await call<{ version: number }>('PUT', url, { estimatedRestorationAt });
    const people = system.peopleBelow(FEEDER);
    const isTold = () => timesByMobile(textsOf(system, story, 'unplanned')).size >= people.length;
    await until(isTold, { deadlineMs: TOLD_AFTER_MS, describe: 'the feeder to be told' }).catch(() => undefined);
    const tookMs = (textsOf(system, story, 'unplanned').at(-1)?.at ?? Number.POSITIVE_INFINITY) - at;
    await untilOver(system, { ...story, version });
    const dark = timesByMobile(textsOf(system, story, 'unplanned'));
    const back = await bringBack(system, story);
    await untilOver(system, back);
    const restored = timesByMobile(textsOf(system, back, 'restored'));
    return sumUp([
      told(`${system.forgotten.size - known} events forgotten`),
      exactly('of the feeder told', dark.size, people.length),
      atMost('from the next version to the last text', tookMs, TOLD_AFTER_MS, ' ms'),
      exactly('told of the cut and not of the return', [...dark.keys()].filter((one) => !restored.has(one)).length, 0),
    ]);
  },
};

async function untilHeard(system: FaultSystem, eventIds: readonly string[]): Promise<void> {
  const sql = `select count(*)::int as n from unnest($1::uuid[]) as said (id)
                where not exists (select from applied_event where subscription = 'outages' and event_id = said.id)`;
  await until(async () => (await countOf(system.database('notifier'), sql, [eventIds])) === 0, {
    deadlineMs: 60_000,
    describe: 'the notifier to have heard of every outage',
  });
}

/** What was said before comes again, or is gone. */
export const repeatedEvents: readonly FaultCase[] = [shuffled, replayed, outOfRange, forgotten];
