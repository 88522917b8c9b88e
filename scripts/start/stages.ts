import type { Narrator } from './narrator.ts';
import { type Launch, type Supervision, supervise } from './supervise.ts';

/** What was started, in the order in which it was, so that it can be stopped in the other one. */
export type Stages = {
  /** Starts what belongs together, all at once; it is stopped together too. */
  start(label: string, members: readonly { name: string; launch: Launch }[]): Promise<Supervision[]>;
  /** Stops everything, the latest first. Once; a second call waits for the first. */
  stopAll(): Promise<void>;
};

/**
 * Makes the empty list of stages.
 * @param logFileOf where a process's output goes.
 */
export function openStages(narrator: Narrator, logFileOf: (name: string) => string): Stages {
  const stages: { label: string; members: Supervision[] }[] = [];
  const sayRestart = (name: string, why: string): void => narrator.say(`  ${name} ${why}: starting it again`);
  let stopping: Promise<void> | undefined;
  async function stopEach(): Promise<void> {
    for (const { label, members } of stages.toReversed()) {
      await narrator.step(`stopping ${label}`, () => Promise.all(members.map((member) => member.stop())));
    }
  }
  return {
    async start(label, members) {
      const stage = { label, members: [] as Supervision[] };
      stages.push(stage);
      await Promise.all(
        members.map(async ({ name, launch }) => {
          stage.members.push(await supervise({ name, logFile: logFileOf(name), launch }, sayRestart));
        }),
      );
      return stage.members;
    },
    stopAll() {
      stopping ??= stopEach();
      return stopping;
    },
  };
}
