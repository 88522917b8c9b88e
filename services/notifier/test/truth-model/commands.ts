import type { OutageEvent } from '@bijli/events';
import type { Causes } from './causes.ts';
import type { Home } from './facts.ts';
import { type Command, MOBILES, type Step } from './history.ts';
import { changed, opened, outageOf, thisMinute } from './outages.ts';
import { hearHomes, hearNodes, hearOutages, type World } from './world.ts';

/** What happens to outages, homes and the network. */
export type Commands = {
  /** Every event of each outage that was made, heard or not. */
  readonly events: readonly (readonly OutageEvent[])[];
  apply(step: Step, now: number): Promise<void>;
  /** Lets what was said to be heard with the next be heard. */
  flush(now: number): Promise<void>;
  /** Ends all outages; whatever was withheld comes before. */
  endAll(now: number): Promise<void>;
};

/** `onStartOnTime`: time passes until work begins as it was told. */
export function openCommands(
  world: World,
  causes: Causes,
  onStartOnTime: (outageId: string) => Promise<void>,
): Commands {
  const events: OutageEvent[][] = [];
  const begin = thisMinute();
  let joined: OutageEvent[] = [];

  async function hear(batch: readonly OutageEvent[], now: number): Promise<void> {
    const before = world.facts();
    const outages = new Map(before.outages);
    for (const event of batch) {
      const known = outages.get(event.aggregateId);
      if (known !== undefined && known.version >= event.version) continue;
      outages.set(event.aggregateId, outageOf(event));
      causes.heard(outageOf(event), known, before, now);
    }
    await world.become({ ...before, outages }, hearOutages(batch));
  }
  async function flush(now: number): Promise<void> {
    const batch = joined;
    joined = [];
    if (batch.length > 0) await hear(batch, now);
  }
  async function say(
    event: OutageEvent,
    { joins, isWithheld }: Pick<Step, 'joins' | 'isWithheld'>,
    now: number,
  ): Promise<void> {
    if (isWithheld) return;
    joined.push(event);
    if (!joins) await flush(now);
  }

  async function onOutage(step: Step, now: number): Promise<void> {
    const { command } = step;
    if (command.is === 'report' || command.is === 'announce') {
      const event = opened(command, events.length, begin);
      events.push([event]);
      return say(event, step, now);
    }
    const known = 'nth' in command ? events[command.nth % events.length] : undefined;
    const latest = known?.at(-1);
    if (known === undefined || latest === undefined) return;
    if (command.is === 'repeat') return say(latest, { ...step, isWithheld: false }, now);
    if (command.is === 'late') return say(known.at(-2) ?? latest, { ...step, isWithheld: false }, now);
    const next = changed(latest, command, begin);
    if (next === null) return;
    known.push(next);
    if (command.is !== 'start-on-time') return say(next, step, now);
    await onStartOnTime(latest.aggregateId);
    await say(next, { joins: false, isWithheld: false }, now);
  }

  async function onHome(command: Extract<Command, { whom: number }>, now: number): Promise<void> {
    const facts = world.facts();
    const contacts = facts.homes
      .filter(({ state }) => state !== 'gone')
      .flatMap((home) => home.contacts.map((_, n) => ({ home, n })));
    const one = contacts[command.whom % contacts.length];
    const next = one === undefined ? null : changedHome(command, one.home, one.n);
    if (one === undefined || next === null) return;
    const after = { ...facts, homes: facts.homes.map((home) => (home === one.home ? next : home)) };
    await world.become(after, hearHomes([next], now + 2));
    causes[command.is === 'move-home' ? 'move' : 'change'](next.account, after, now);
  }

  async function onNode({ node, to }: Extract<Command, { is: 'move-node' }>, now: number): Promise<void> {
    const facts = world.facts();
    const after = { ...facts, parents: new Map(facts.parents).set(node, to) };
    await world.become(after, hearNodes(new Map([[node, to]]), now + 2));
    for (const home of facts.homes) if (home.node === node) causes.move(home.account, after, now);
  }

  return {
    events,
    flush,
    async apply(step, now) {
      const { command } = step;
      if ('nth' in command || command.is === 'report' || command.is === 'announce') return onOutage(step, now);
      await flush(now);
      if ('whom' in command) return onHome(command, now);
      if (command.is === 'move-node') return onNode(command, now);
    },
    async endAll(now) {
      for (const [nth, known] of events.entries()) {
        const latest = known.at(-1);
        if (latest === undefined) continue;
        const last = changed(latest, { is: latest.status === 'announced' ? 'cancel' : 'restore', nth }, begin);
        await hear(known, now);
        if (last !== null) await hear([last], now);
      }
    },
  };
}

/** A connection after a command about its nth contact; null where the command makes no sense of it. */
function changedHome(command: Extract<Command, { whom: number }>, home: Home, n: number): Home | null {
  const withContact = (change: Partial<Home['contacts'][number]>): Home => ({
    ...home,
    contacts: home.contacts.map((one, at) => (at === n ? { ...one, ...change } : one)),
  });
  switch (command.is) {
    case 'number': {
      const mobile = MOBILES[command.to] ?? null;
      return home.contacts.some((one) => one.mobile === mobile) ? null : withContact({ mobile });
    }
    case 'stop':
    case 'consent':
      return withContact({ wants: command.is === 'consent' });
    case 'quarantine':
    case 'trust':
      return withContact({ numberState: command.is === 'trust' ? 'collected' : 'quarantined' });
    case 'forget-contact':
      return withContact({ mobile: null });
    case 'erase':
      return { ...home, state: 'gone' };
    case 'disconnect':
    case 'reconnect':
      return { ...home, state: command.is === 'reconnect' ? 'active' : 'disconnected' };
    case 'move-home':
      return { ...home, node: command.node };
  }
}
