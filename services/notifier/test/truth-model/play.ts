import { type Database, query, withTransaction } from '@bijli/postgres';
import { setSendingSwitch } from '../../src/store/runs/sending-switch.ts';
import { EMPTY_TABLES } from '../receiving.ts';
import { openCauses } from './causes.ts';
import { openCommands } from './commands.ts';
import { type Desks, openDesks } from './desks.ts';
import { openKnown } from './doubts.ts';
import { FIRST_PARENTS } from './facts.ts';
import type { History, Step } from './history.ts';
import { openProvider, type Provider } from './provider.ts';
import { openReader } from './reader.ts';
import { type Gap, misses } from './standing.ts';
import { hearHomes, hearNodes, openWorld } from './world.ts';

/** What a played history came to. */
export type Played = {
  readonly wrong: readonly string[];
  readonly texts: readonly string[];
  readonly families: ReadonlySet<string>;
  /** What was not asked of whom, by name. */
  readonly gaps: readonly Gap[];
  /** How often a connection was compared with what a handset holds of it. */
  readonly compared: number;
};

/** Plays a history on a database of its own, and compares what the handsets hold with what is true. */
export async function play(db: Database, history: History): Promise<Played> {
  await query(db, EMPTY_TABLES);
  await query(db, 'truncate network_node');
  await setSwitch(db, false);
  const provider = openProvider();
  const desks = openDesks(db, provider);
  try {
    return await playWith(db, history, { provider, desks });
  } finally {
    await desks.end();
  }
}

const setSwitch = (db: Database, isStopped: boolean): Promise<void> =>
  setSendingSwitch(db, { isStopped, reason: 'test', changedBy: 'test' });
const BREATH_MS = 12;
/** As if the time of a window that was told had come. */
const BEGIN = `update run_claim set starts_at = now() - interval '1 minute' where outage_id = :outageId and kind = 'window'`;

async function playWith(
  db: Database,
  { homes, steps }: History,
  { provider, desks }: { provider: Provider; desks: Desks },
): Promise<Played> {
  const world = openWorld(db, { parents: FIRST_PARENTS, homes, outages: new Map() });
  await withTransaction(db, async (tx) => {
    await hearNodes(FIRST_PARENTS, 1)(tx);
    await hearHomes(homes, 1)(tx);
  });
  desks.start();
  const causes = openCauses();
  const reader = openReader(world, causes, provider, openKnown(db));
  const commands = openCommands(world, causes, async (outageId) => {
    if (!(await rest())) return;
    await query(db, BEGIN, { outageId });
    reader.begin(outageId);
  });
  const gaps: Gap[] = [];
  let [now, compared, isHalted, isEnd] = [0, 0, false, false];

  const read = (): Promise<void> => {
    const untils = commands.events.flat().map(({ estimatedRestorationAt }) => estimatedRestorationAt.getTime());
    return reader.read(now, untils);
  };
  /** @returns whether everything was told. */
  async function rest(): Promise<boolean> {
    await commands.flush(now);
    if (isHalted) return false;
    await desks.settle();
    await read();
    const found = misses(reader.book, world.moments, causes, { inDoubt: reader.inDoubt(), isEnd });
    gaps.push(...found.gaps);
    compared += found.compared;
    reader.wrong.push(...found.wrong.map((what) => `after step ${now + 1}, ${what}`));
    reader.rest();
    return true;
  }
  async function halt(isNow: boolean): Promise<void> {
    isHalted = isNow;
    await setSwitch(db, isNow);
  }
  async function apply(step: Step): Promise<void> {
    const { command } = step;
    await commands.apply(step, now);
    if (command.is === 'provider') {
      provider.mood = command.mood;
      provider.left = command.texts;
    }
    if (command.is === 'halt' || command.is === 'resume') await halt(command.is === 'halt');
    if (command.is === 'kill-desk') {
      await desks.kill();
      await read();
      reader.fault();
    }
    if (command.is === 'stop-desk') await desks.restart();
    if (command.is === 'second-desk') desks.second();
    desks.wake();
  }

  for (const step of steps) {
    await apply(step);
    if (step.then === 'breathe') await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
    if (step.then === 'rest') await rest();
    else await read();
    if (reader.wrong.length > 0) break;
    now += 1;
  }
  if (reader.wrong.length === 0) {
    provider.left = 0;
    await halt(false);
    await rest();
    now += 1;
    await commands.endAll(now);
    desks.wake();
    isEnd = true;
    await rest();
  }
  return {
    wrong: reader.wrong,
    texts: reader.texts,
    families: reader.families,
    gaps: [...gaps, ...reader.gaps],
    compared,
  };
}
