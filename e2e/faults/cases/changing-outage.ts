import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@bijli/testing/until';
import { call } from '../../started-system.ts';
import { atMost, exactly, type FaultCase, sumUp, told } from '../fault-case.ts';
import { type Arrival, timesByMobile } from '../smsc-log.ts';
import { endStory } from '../judge.ts';
import { bringBack, goDark, plannedAt, type Story, textsOf, untilOver, untilTold } from '../story.ts';
import type { FaultSystem } from '../system.ts';

const FALSE_MS = 2_000; // P6
const CHANGES = 10;
const EVERY_MS = 2_000;

export const movingEstimate: FaultCase = {
  name: `another return time every ${EVERY_MS / 1_000} s of a run, ${CHANGES} times`,
  promise: 'P3, P6, P10',
  isQuick: false,
  play: async (system) => {
    const story = await goDark(system);
    await untilTold(system, story, 0.1);
    const versions = [await firstTime(system, story)];
    for (let n = 1; n <= CHANGES; n += 1) {
      versions.push(await moveEstimate(system, story, n));
      await wait(EVERY_MS);
    }
    const latest = versions.at(-1) ?? story;
    await untilOver(system, latest);
    const texts = textsOf(system, story, 'unplanned', 'estimate');
    const late = await latenessOf(system, versions, texts);
    const mobiles = timesByMobile(texts);
    const heard = [...Map.groupBy(texts, ({ mobile }) => mobile).values()].map((each) => versionsIn(each, versions));
    const outdated = heard.filter((each) => each.at(-1) !== versions.length - 1);
    const wentBack = heard.filter((each) => each.some((version, n) => version < (each[n - 1] ?? 0)));
    return sumUp([
      told(`${texts.length} texts to ${mobiles.size} mobiles`),
      exactly('never told', system.people.filter(({ mobile }) => !mobiles.has(mobile)).length, 0),
      exactly('mobiles whose last text has an older time', outdated.length, 0),
      exactly('mobiles whose times went back', wentBack.length, 0),
      atMost('from a new time stored to the last text with an older one', late, FALSE_MS, ' ms'),
      ...(await endStory(system, story)),
    ]);
  },
};

/** A version of the outage, with its return time as texts show it: HH:MM in India. */
type Timed = Story & { readonly shown: string };

const shown = (iso: string): string => new Date(Date.parse(iso) + 5.5 * 3_600_000).toISOString().slice(11, 16);

/** The time that the first version has, by the usual duration of its cause. */
async function firstTime(system: FaultSystem, story: Story): Promise<Timed> {
  const url = `${system.urlOf('outage')}/v1/outages/${story.id}`;
  return {
    ...story,
    shown: shown((await call<{ estimatedRestorationAt: string }>('GET', url)).estimatedRestorationAt),
  };
}

/** Says a time 45 minutes later each time. */
async function moveEstimate(system: FaultSystem, { id, mark }: Story, n: number): Promise<Timed> {
  const estimatedRestorationAt = new Date(Date.now() + (8 + n * 0.75) * 3_600_000).toISOString();
  const url = `${system.urlOf('outage')}/v1/outages/${id}/restoration-estimate`;
  const { version } = await call<{ version: number }>('PUT', url, { estimatedRestorationAt });
  return { id, version, mark, shown: shown(estimatedRestorationAt) };
}

/** Which version's time each text bears. */
const versionsIn = (texts: readonly Arrival[], versions: readonly Timed[]): number[] =>
  texts.map(({ text }) => versions.findLastIndex(({ shown: time }) => text.includes(time)));

/** The most that a text came after the notifier had stored a newer time than the one that it bears, milliseconds. */
async function latenessOf(system: FaultSystem, versions: readonly Timed[], texts: readonly Arrival[]): Promise<number> {
  const known: { readonly shown: string; readonly from: number }[] = [];
  for (const version of versions) known.push({ shown: version.shown, from: await plannedAt(system, version) });
  return texts.reduce((most, { text, at }) => {
    const bears = known.findLastIndex((one) => text.includes(one.shown));
    const replacedAt = known[bears + 1]?.from ?? Number.POSITIVE_INFINITY;
    return Math.max(most, at - replacedAt);
  }, 0);
}

const FLAPS = 6;
const FLAP_MS = 5_000;

export const flapping: FaultCase = {
  name: `a feeder that goes and comes ${FLAPS} times, every ${FLAP_MS / 1_000} s`,
  promise: 'P3, P6, P10',
  isQuick: false,
  play: async (system) => {
    const mark = system.smsc.mark();
    let back: Story = { id: '', version: 0, mark };
    for (let n = 0; n < FLAPS; n += 1) {
      const story = await goDark(system, 'F-1103');
      await wait(FLAP_MS);
      back = await bringBack(system, story);
      await wait(FLAP_MS);
    }
    await untilOver(system, back);
    return sumUp(judgeAlternation(system, mark));
  },
};

/** Each mobile hears "off" and "on" in turn, and "on" at the end. */
function judgeAlternation(system: FaultSystem, mark: number) {
  const texts = textsOf(system, { mark }, 'unplanned', 'estimate', 'restored');
  const byMobile = [...Map.groupBy(texts, ({ mobile }) => mobile).values()];
  const isOn = ({ family }: { family: string }) => family === 'restored';
  const repeats = byMobile.filter((heard) =>
    heard.some((text, n) => n > 0 && isOn(text) && isOn(heard[n - 1] as typeof text)),
  );
  return [
    told(`${texts.length} texts to ${byMobile.length} mobiles`),
    exactly(
      'mobiles that heard last that power is off',
      byMobile.filter((heard) => !isOn(heard.at(-1) as (typeof texts)[number])).length,
      0,
    ),
    exactly('mobiles that heard twice in a row that it is back', repeats.length, 0),
    exactly(
      'mobiles that heard first that it is back',
      byMobile.filter(([first]) => first !== undefined && isOn(first)).length,
      0,
    ),
  ];
}

export const nestedOutages: FaultCase = {
  name: 'outages of the zone, a substation, a feeder and a transformer, said and ended in a random order',
  promise: 'P3, P6, P10',
  isQuick: false,
  play: async (system, random) => {
    const mark = system.smsc.mark();
    const nodes = [system.zone, 'SS-11', 'F-1103', 'F-1104'];
    const stories: Story[] = [];
    let zone: Story | undefined;
    for (const node of random.shuffled(nodes)) {
      const story = await goDark(system, node);
      stories.push(story);
      if (node === system.zone) zone = story;
      await wait(random.integer(0, 4_000));
    }
    for (const story of stories) await untilOver(system, story);
    const dark = timesByMobile(textsOf(system, { mark }, 'unplanned', 'estimate'));
    const backs: Story[] = [];
    for (const story of random.shuffled(stories)) {
      backs.push(await bringBack(system, story));
      await wait(random.integer(0, 4_000));
    }
    for (const back of backs) await untilOver(system, back);
    // Everybody hangs on the zone: before it is back nobody has supply, whatever else came back.
    const zoneBack = backs.find(({ id }) => id === zone?.id) ?? { id: '', version: 0, mark };
    const zoneAt = await plannedAt(system, zoneBack);
    const early = textsOf(system, { mark }, 'restored', 'partly').filter(({ at }) => at < zoneAt);
    return sumUp([
      exactly('never told', system.people.filter(({ mobile }) => !dark.has(mobile)).length, 0),
      exactly('told that supply is back while the zone was out', early.length, 0),
      ...judgeAlternation(system, mark),
    ]);
  },
};

const AHEAD_MS = 6 * 3_600_000;

export const cancelledWork: FaultCase = {
  name: 'planned work announced, and cancelled when half of the town is told',
  promise: 'P3, P6, P10',
  isQuick: false,
  play: async (system) => {
    const mark = system.smsc.mark();
    const startsAt = new Date(Date.now() + AHEAD_MS).toISOString();
    const endsAt = new Date(Date.now() + 2 * AHEAD_MS).toISOString();
    const work = { nodeIds: [system.zone], cause: 'maintenance', startsAt, endsAt };
    const { id, version } = await call<Story>('POST', `${system.urlOf('outage')}/v1/planned-outages`, work);
    const half = system.people.length / 2;
    await until(() => timesByMobile(textsOf(system, { mark }, 'planned')).size > half, {
      deadlineMs: 120_000,
      describe: 'half of the town to be told',
    });
    await call('POST', `${system.urlOf('outage')}/v1/outages/${id}/cancellation`, {});
    await untilOver(system, { id, version: version + 1, mark });
    const planned = timesByMobile(textsOf(system, { mark }, 'planned'));
    const cancelled = timesByMobile(textsOf(system, { mark }, 'cancelled'));
    const at = await plannedAt(system, { id, version: version + 1, mark });
    const late = textsOf(system, { mark }, 'planned').filter((text) => text.at > at);
    return sumUp([
      told(`${planned.size} told of the work`),
      exactly(
        'of them not told that it is off',
        [...planned.keys()].filter((mobile) => !cancelled.has(mobile)).length,
        0,
      ),
      exactly('told that it is off alone', [...cancelled.keys()].filter((mobile) => !planned.has(mobile)).length, 0),
      atMost('until the last false text', (late.at(-1)?.at ?? at) - at, FALSE_MS, ' ms'),
    ]);
  },
};
