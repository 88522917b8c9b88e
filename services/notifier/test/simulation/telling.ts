import { type Database, isTransientError, query, withTransaction } from '@bijli/postgres';
import { setSendingSwitch } from '../../src/store/runs/sending-switch.ts';
import { openCauses } from '../truth-model/causes.ts';
import { openCommands } from '../truth-model/commands.ts';
import { openKnown } from '../truth-model/doubts.ts';
import { FIRST_PARENTS } from '../truth-model/facts.ts';
import type { Step } from '../truth-model/history.ts';
import { openReader } from '../truth-model/reader.ts';
import { type Gap, misses } from '../truth-model/standing.ts';
import { hearHomes, hearNodes, openWorld } from '../truth-model/world.ts';
import type { Party } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import { wrongInLedger } from './ledger.ts';
import { wrongWithProvider } from './promises.ts';
import type { Ground } from './replica.ts';
import type { Replicas } from './replicas.ts';
import { GENTLE } from './smsc.ts';
import { type Halt, wrongInSockets } from './sockets.ts';
import { BREATH_MS, type Story } from './story.ts';

/** A story as it happens, and what was seen of it so far. */
export type Telling = {
  /** Lets everything happen. @returns what went wrong. */
  tell(): Promise<readonly string[]>;
  /** In words, what it waits for just now. */
  waitsFor(): string;
  seen(): { readonly texts: readonly string[]; readonly gaps: readonly Gap[]; readonly compared: number };
};

type TellingInput = {
  readonly world: Party;
  readonly hearing: Party;
  readonly replicas: Replicas;
  readonly faults: Faults;
  readonly chance: Chance;
};

/** What was false for longer than this when it was written should not have been written. */
const PRESENT_MS = 1_000;
const STILL_TELLS = `
  select from run r
   where (r.ended_at is null and r.state in ('open', 'superseded'))
      or (r.state = 'complete' and exists (select from run_later l where l.run_id = r.run_id)) limit 1`;
/** As if the time of a window that was told had come. */
const BEGIN = `update run_claim set starts_at = sim.now() - interval '1 minute' where outage_id = :outageId and kind = 'window'`;
const ORPHANS = 'select from orphan_receipt where given_up_at is null limit 1';
const setSwitch = (db: Database, isStopped: boolean): Promise<void> =>
  setSendingSwitch(db, { isStopped, reason: 'test', changedBy: 'test' });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes a story ready to be told: the town, its network, and who reads the handsets. */
export function openTelling(
  story: Story,
  { time, server, smsc }: Ground,
  { world, hearing, replicas, faults, chance }: TellingInput,
): Telling {
  const [db, heardBy] = [server.open(world), server.open(hearing)];
  const pace = chance.fork('pace');
  const { homes } = story.history;
  const facts = openWorld(heardBy, { parents: FIRST_PARENTS, homes, outages: new Map() }, hearUntilKept);
  const causes = openCauses();
  const reader = openReader(facts, causes, smsc.handsets, openKnown(db), PRESENT_MS);
  const gaps: Gap[] = [];
  const halts: Halt[] = [];
  let [now, compared, isHalted, isEnd, waitsFor] = [0, 0, false, false, 'the town'];
  const commands = openCommands(facts, causes, async (outageId) => {
    if (!(await rest())) return;
    await query(db, BEGIN, { outageId });
    reader.begin(outageId);
  });

  /** What is heard is heard again until it is kept, as from Kafka. */
  function hearUntilKept(...[on, hear]: Parameters<typeof withTransaction<void>>): Promise<void> {
    return time.as(hearing, async () => {
      for (;;) {
        try {
          return await withTransaction(on, hear);
        } catch (error) {
          if (!isTransientError(error)) throw error;
          await pause(20);
        }
      }
    });
  }
  const read = (): Promise<void> => {
    const untils = commands.events.flat().map(({ estimatedRestorationAt }) => estimatedRestorationAt.getTime());
    return reader.read(now, untils);
  };
  async function settled(): Promise<void> {
    waitsFor = `after step ${now + 1} it waits until all is told`;
    for (let looks = 1; (await query(db, STILL_TELLS)).length > 0; looks += 1) await pause(Math.min(5_000, 50 * looks));
    // What is on its way to the handsets comes.
    await pause(100);
  }
  /** Waits until each receipt is taken, and those that came before their text was known are matched. */
  async function receiptsMatched(): Promise<void> {
    waitsFor = 'it waits for receipts';
    const isOver = async () => smsc.isQuiet() && (await query(db, ORPHANS)).length === 0;
    for (let looks = 1; looks < 40 && !(await isOver()); looks += 1) await pause(Math.min(10_000, 500 * looks));
  }
  async function rest(): Promise<boolean> {
    await commands.flush(now);
    if (isHalted) return false;
    replicas.wake();
    await settled();
    await read();
    const inDoubt = new Set([...reader.inDoubt(), ...smsc.handsets.halves()]);
    const found = misses(reader.book, facts.moments, causes, { inDoubt, isEnd });
    gaps.push(...found.gaps);
    compared += found.compared;
    reader.wrong.push(...found.wrong.map((what) => `after step ${now + 1}, ${what}`));
    reader.rest();
    return true;
  }
  async function halt(isNow: boolean): Promise<void> {
    const latest = halts.at(-1);
    if (!isNow && isHalted && latest !== undefined) latest.to = performance.now();
    await setSwitch(db, isNow);
    if (isNow && !isHalted) halts.push({ from: server.sightings.switched.at(-1) ?? 0, to: Number.POSITIVE_INFINITY });
    isHalted = isNow;
  }
  async function begin(): Promise<void> {
    await setSwitch(db, false);
    await withTransaction(db, async (tx) => {
      await hearNodes(FIRST_PARENTS, 1)(tx);
      await hearHomes(homes, 1)(tx);
    });
    server.way = story.way;
    smsc.temper = story.temper;
    replicas.start();
  }
  async function apply(step: Step): Promise<void> {
    const { command } = step;
    waitsFor = `step ${now + 1} is heard`;
    faults.begin(now);
    await commands.apply(step, now);
    if (command.is === 'halt' || command.is === 'resume') await halt(command.is === 'halt');
    replicas.wake();
  }
  async function end(): Promise<void> {
    faults.over();
    smsc.temper = { ...GENTLE, receiptMs: smsc.temper.receiptMs };
    if (reader.wrong.length > 0) return;
    await halt(false);
    await rest();
    now += 1;
    await commands.endAll(now);
    isEnd = true;
    await rest();
  }

  return {
    waitsFor: () => waitsFor,
    seen: () => ({ texts: reader.texts, gaps: [...gaps, ...reader.gaps], compared }),
    async tell() {
      await begin();
      for (const step of story.history.steps) {
        await apply(step);
        if (step.then === 'go on') await pause(pace.between(0, 40));
        if (step.then === 'breathe') await pause(pace.between(...(story.breathMs ?? BREATH_MS)));
        if (step.then === 'rest') await rest();
        else await read();
        if (reader.wrong.length > 0) break;
        now += 1;
      }
      await end();
      if (reader.wrong.length > 0) return reader.wrong;
      await receiptsMatched();
      return [
        ...(await wrongInLedger(db)),
        ...(await wrongWithProvider(db, smsc, story)),
        ...wrongInSockets(smsc, server, story, halts),
      ];
    },
  };
}
