import { type CrashNews, crashNews } from './crash-news.ts';
import type { Narrator } from './narrator.ts';
import { type Launch, type Supervision, supervise } from './supervise.ts';

/** Something to start: how, where it says that it is ready, and who reads what it prints. */
export type Member = {
  readonly name: string;
  readonly launch: Launch;
  readonly readyAt?: string;
  readonly onLine?: (line: string) => void;
};

/** What was started, in the order in which it was, so that it can be stopped in the other one. */
export type Stages = {
  /** Starts what belongs together, all at once; it is stopped together too. */
  start(label: string, members: readonly Member[]): Promise<Supervision[]>;
  /** Stops everything, the latest first. Once; a second call waits for the first. */
  stopAll(): Promise<void>;
};

/**
 * Makes the empty list of stages.
 * @param logFileOf where a process's output goes.
 */
export function openStages(narrator: Narrator, logFileOf: (name: string) => string): Stages {
  const stages: { label: string; members: Supervision[] }[] = [];
  const told: CrashNews[] = [];
  let stopping: Promise<void> | undefined;
  async function stopEach(): Promise<void> {
    for (const news of told) news.stop();
    for (const { label, members } of stages.toReversed()) {
      await narrator.step(`stopping ${label}`, () => Promise.all(members.map((member) => member.stop())));
    }
  }
  function launchMember({ name, launch, readyAt, onLine }: Member): Promise<Supervision> {
    const logFile = logFileOf(name);
    const news = crashNews({ name, logFile, readyAt }, narrator.say);
    told.push(news);
    return supervise({ name, logFile, launch }, { onEnd: news.ended, ...(onLine ? { onLine } : {}) });
  }
  return {
    async start(label, members) {
      const stage = { label, members: [] as Supervision[] };
      stages.push(stage);
      await Promise.all(members.map(async (member) => void stage.members.push(await launchMember(member))));
      return stage.members;
    },
    stopAll() {
      stopping ??= stopEach();
      return stopping;
    },
  };
}
