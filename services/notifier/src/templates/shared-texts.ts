import type { MadeTexts } from './run-texts.ts';

/** The texts of runs that are being sent, so that each is made once for all chunks of its run. */
export type SharedTexts = {
  /** Gives those of a run, to look up and to add to. */
  of(runId: string): MadeTexts;
};

/** A text names the last four digits of an account, so a run has some ten thousand in a language; half a kilobyte each. */
const MOST_TEXTS = 20_000;
const MOST_RUNS = 4;

/** Opens an empty store of texts; that of the run that was not asked for longest makes room. */
export function sharedTexts(): SharedTexts {
  const runs = new Map<string, MadeTexts>();
  return {
    of(runId) {
      const known = runs.get(runId);
      const texts = known === undefined || sizeOf(known) > MOST_TEXTS ? new Map() : known;
      runs.delete(runId);
      runs.set(runId, texts);
      if (runs.size > MOST_RUNS) runs.delete([...runs.keys()][0] as string);
      return texts;
    },
  };
}

const sizeOf = (made: MadeTexts): number => [...made.values()].reduce((sum, { size }) => sum + size, 0);
