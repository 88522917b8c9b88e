import { type Database, isTransientError, query, withTransaction } from '@bijli/postgres';
import { setSendingSwitch } from '../../src/store/runs/sending-switch.ts';
import { EMPTY_TABLES } from '../receiving.ts';
import { openCauses } from '../truth-model/causes.ts';
import { openCommands } from '../truth-model/commands.ts';
import { FIRST_PARENTS } from '../truth-model/facts.ts';
import type { Step } from '../truth-model/history.ts';
import { openReader } from '../truth-model/reader.ts';
import { type Gap, misses } from '../truth-model/standing.ts';
import { hearHomes, hearNodes, openWorld } from '../truth-model/world.ts';
import { openAgenda, openParty } from './agenda.ts';
import { openChance } from './chance.ts';
import { openFaults } from './faults.ts';
import { wrongInLedger } from './ledger.ts';
import { wrongWithProvider } from './promises.ts';
import { openReplicas } from './replicas.ts';
import { openServer } from './server.ts';
import type { Sessions } from './sessions.ts';
import { GENTLE, openSmsc } from './smsc.ts';
import type { Story } from './story.ts';
import { beginVirtualTime } from './virtual-time.ts';

/** What a played story came to. */
export type Played = {
  readonly wrong: readonly string[];
  readonly texts: readonly string[];
  readonly complaints: readonly string[];
  readonly gaps: readonly Gap[];
  readonly compared: number;
  readonly seconds: number;
  readonly steps: number;
  readonly statements: number;
  /** How often something happened to the replica in the first slot, or the one that followed it. */
  readonly moments: number;
};

/** What was false for longer than this when it was written should not have been written. */
const PRESENT_MS = 2_000;
const LIMIT = { virtualMs: 1_800_000, steps: 200_000 };
const STILL_TELLS = `
  select from run r
   where (r.ended_at is null and r.state in ('open', 'superseded'))
      or (r.state = 'complete' and exists (select from run_later l where l.run_id = r.run_id)) limit 1`;
/** As if the time of a window that was told had come. */
const BEGIN = `update run_claim set starts_at = sim.now() - interval '1 minute' where outage_id = :outageId and kind = 'window'`;
/** The same numbers again, whatever was played before. */
const EMPTY_ALL = `
  ${EMPTY_TABLES};
  truncate network_node, sending_switch, run_wait, run_later;
  select setval(oid, 1, false) from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace`;
const ORPHANS = 'select from orphan_receipt where given_up_at is null limit 1';
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Plays a story on a database of its own, and says what became of the promises. */
export async function play(database: Database, sessions: Sessions, story: Story): Promise<Played> {
  await query(database, EMPTY_ALL);
  const chance = openChance(story.seed ^ 0x5f3759df);
  const agenda = openAgenda();
  const time = beginVirtualTime(agenda, chance.fork('ids'));
  const server = openServer(sessions, { agenda, time, chance: chance.fork('server') });
  const smsc = openSmsc({ agenda, chance: chance.fork('smsc') });
  const ground = { agenda, time, chance: chance.fork('wires'), server, smsc };
  const world = openParty('world');
  const replicas = openReplicas(ground, world, story);
  const hearing = openParty('hearing');
  const faults = openFaults(story.faults, ground, { world, hearing }, replicas);
  let steps = 0;
  try {
    let result: Played | null = null;
    let failure: unknown = null;
    time.as(world, () => {
      tellStory().then(
        (played) => {
          result = played;
        },
        (error: unknown) => {
          failure = error ?? 'failed';
        },
      );
    });
    await turn();
    while (result === null && failure === null) {
      if (!(await agenda.step())) throw new Error('nothing happens any more');
      await turn();
      await turn();
      faults.look();
      steps += 1;
      if (agenda.now() > LIMIT.virtualMs || steps > LIMIT.steps) throw new Error('the story does not end');
    }
    if (failure !== null) throw failure;
    return result as unknown as Played;
  } finally {
    await server.end();
    agenda.clear();
    time.end();
  }

  async function tellStory(): Promise<Played> {
    const [db, heardBy] = [server.open(world), server.open(hearing)];
    /** What is heard is heard again until it is kept, as from Kafka. */
    const hearUntilKept: Parameters<typeof openWorld>[2] = (on, hear) =>
      time.as(hearing, async () => {
        for (;;) {
          try {
            return await withTransaction(on, hear);
          } catch (error) {
            if (!isTransientError(error)) throw error;
            await pause(20);
          }
        }
      });
    const pace = chance.fork('pace');
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await setSwitch(db, false);
    const { homes } = story.history;
    const facts = openWorld(heardBy, { parents: FIRST_PARENTS, homes, outages: new Map() }, hearUntilKept);
    await withTransaction(db, async (tx) => {
      await hearNodes(FIRST_PARENTS, 1)(tx);
      await hearHomes(homes, 1)(tx);
    });
    server.way = story.way;
    smsc.temper = story.temper;
    replicas.start();
    const causes = openCauses();
    const reader = openReader(facts, causes, smsc.handsets, PRESENT_MS);
    const gaps: Gap[] = [];
    let [now, compared, isHalted, isEnd] = [0, 0, false, false];
    const commands = openCommands(facts, causes, async (outageId) => {
      if (!(await rest())) return;
      await query(db, BEGIN, { outageId });
      reader.begin(outageId);
    });
    const read = (): void => {
      const untils = commands.events.flat().map(({ estimatedRestorationAt }) => estimatedRestorationAt.getTime());
      reader.read(now, untils);
    };
    async function settled(): Promise<void> {
      for (let looks = 1; (await query(db, STILL_TELLS)).length > 0; looks += 1)
        await pause(Math.min(5_000, 50 * looks));
      // What is on its way to the handsets comes.
      await pause(100);
    }
    /** Waits until each receipt is taken, and those that came before their text was known are matched. */
    async function receiptsMatched(): Promise<void> {
      const isOver = async () => smsc.isQuiet() && (await query(db, ORPHANS)).length === 0;
      for (let looks = 0; looks < 60 && !(await isOver()); looks += 1) await pause(2_000);
    }
    async function rest(): Promise<boolean> {
      await commands.flush(now);
      if (isHalted) return false;
      replicas.wake();
      await settled();
      read();
      const found = misses(reader.book, facts.moments, causes, { inDoubt: reader.inDoubt(), isEnd });
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
      faults.begin(now);
      await commands.apply(step, now);
      if (command.is === 'halt' || command.is === 'resume') await halt(command.is === 'halt');
      replicas.wake();
    }

    for (const step of story.history.steps) {
      await apply(step);
      if (step.then === 'go on') await pause(pace.between(0, 40));
      if (step.then === 'breathe') await pause(pace.between(10, 900));
      if (step.then === 'rest') await rest();
      else read();
      if (reader.wrong.length > 0) break;
      now += 1;
    }
    faults.over();
    smsc.temper = { ...GENTLE, receiptMs: smsc.temper.receiptMs };
    if (reader.wrong.length === 0) {
      await halt(false);
      await rest();
      now += 1;
      await commands.endAll(now);
      isEnd = true;
      await rest();
    }
    const wrong = [...reader.wrong];
    if (wrong.length === 0) {
      await receiptsMatched();
      wrong.push(...(await wrongInLedger(db)), ...(await wrongWithProvider(db, smsc, story)));
    }
    return {
      wrong,
      texts: reader.texts,
      complaints: replicas.complaints(),
      gaps: [...gaps, ...reader.gaps],
      compared,
      seconds: agenda.now() / 1_000,
      steps,
      statements: server.statements,
      moments: replicas.at(0)?.party.steps ?? 0,
    };
  }
}

const setSwitch = (db: Database, isStopped: boolean): Promise<void> =>
  setSendingSwitch(db, { isStopped, reason: 'test', changedBy: 'test' });
