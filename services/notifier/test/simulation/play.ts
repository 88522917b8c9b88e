import type { Database } from '@bijli/postgres';
import type { Gap } from '../truth-model/standing.ts';
import { openAgenda, openParty } from './agenda.ts';
import { openChance } from './chance.ts';
import { openFaults } from './faults.ts';
import { whatWaits } from './ledger.ts';
import { emptyDatabase } from './prepare-database.ts';
import { openReplicas } from './replicas.ts';
import { openServer } from './server.ts';
import type { Sessions } from './sessions.ts';
import { openSmsc } from './smsc.ts';
import type { Story } from './story.ts';
import { openTelling } from './telling.ts';
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
  /** What happened, step by step: the same when the story is played again. */
  readonly trail: readonly string[];
};

/** No story that comes to an end takes so long: the longest waits are for texts in doubt, and for processes that stand still. */
const LIMIT = { virtualMs: 1_800_000, steps: 100_000 };
/** Whatever may happen at once has happened by then: promises, and what the next tick brings. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Plays a story on a database of its own, and says what became of the promises. */
export async function play(database: Database, sessions: Sessions, story: Story): Promise<Played> {
  await emptyDatabase(database);
  const trail: string[] = [];
  const chance = openChance(story.seed ^ 0x5f3759df);
  const note = (what: string): void => void trail.push(what);
  const agenda = openAgenda(note);
  const time = beginVirtualTime(agenda, chance.fork('ids'));
  const server = openServer(sessions, { agenda, time, chance: chance.fork('server'), note });
  const smsc = openSmsc({ agenda, chance: chance.fork('smsc') });
  const ground = { agenda, time, chance: chance.fork('wires'), server, smsc };
  const [world, hearing] = [openParty('world'), openParty('hearing')];
  const replicas = openReplicas(ground, world, story);
  const faults = openFaults(story.faults, ground, { world, hearing }, replicas);
  const telling = openTelling(story, ground, { world, hearing, replicas, faults, chance });
  try {
    const wrong = await untilTold();
    const { texts, gaps, compared } = telling.seen();
    return {
      wrong,
      texts,
      complaints: replicas.complaints(),
      gaps,
      compared,
      seconds: agenda.now() / 1_000,
      steps: trail.length,
      statements: server.statements,
      moments: replicas.at(0)?.party.steps ?? 0,
      trail,
    };
  } finally {
    await server.end();
    agenda.clear();
    time.end();
  }

  async function untilTold(): Promise<readonly string[]> {
    const end: { wrong?: readonly string[]; failure?: unknown } = {};
    time.as(world, () => {
      telling.tell().then(
        (wrong) => {
          end.wrong = wrong;
        },
        (error: unknown) => {
          end.failure = error ?? 'failed';
        },
      );
    });
    await turn();
    while (end.wrong === undefined && end.failure === undefined) {
      const why = agenda.now() > LIMIT.virtualMs ? 'half an hour is over' : 'too much has happened';
      if (agenda.now() > LIMIT.virtualMs || trail.length > LIMIT.steps) return [await endless(why)];
      if (!(await agenda.step())) return [await endless('nothing happens any more')];
      await turn();
      faults.look();
    }
    if (end.failure !== undefined) throw end.failure;
    return end.wrong ?? [];
  }
  async function endless(why: string): Promise<string> {
    return [`the story did not end: ${why}; ${telling.waitsFor()}`, ...(await whatWaits(database))].join('\n  ');
  }
}
