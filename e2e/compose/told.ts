import { readSubmit, type SubmittedPart, shownTexts } from '../independent/pdus.ts';
import type { Addressee } from '../independent/town.ts';

/** The simulator's log of PDUs, read over HTTP as it grows. */
export type SimulatorLog = {
  /** Every part that was submitted, in order of arrival. */
  parts(): Promise<readonly SubmittedPart[]>;
};

/** Opens the log at an address; it is read on from where the last reading ended. */
export function simulatorLog(address: string): SimulatorLog {
  const parts: SubmittedPart[] = [];
  let after = '0';
  return {
    async parts() {
      for (;;) {
        const page = await fetch(`${address}/v1/pdus?after=${after}`);
        if (!page.ok) throw new Error(`the simulator's log answered ${page.status}`);
        after = page.headers.get('next-after') ?? after;
        const lines = (await page.text()).split('\n').filter((line) => line !== '');
        if (lines.length === 0) return parts;
        parts.push(...lines.map(submitOf).filter((part) => part !== null));
      }
    },
  };
}

function submitOf(line: string): SubmittedPart | null {
  const { direction, pdu } = JSON.parse(line) as { direction: string; pdu: string };
  return direction === 'in' ? readSubmit(Buffer.from(pdu, 'hex')) : null;
}

/** How the texts of one outage compare with whom it concerns, counted by an independent reading of the town's files. */
export type Told = {
  readonly texts: number;
  readonly twice: number;
  readonly never: number;
  readonly strangers: number;
};

/** Compares what was submitted since an outage with whom it concerns. */
export function compareTold(parts: readonly SubmittedPart[], people: readonly Addressee[]): Told {
  const mobiles = shownTexts(parts).map(({ mobile }) => mobile);
  const told = new Set(mobiles);
  const expected = new Set(people.map(({ mobile }) => mobile));
  return {
    texts: mobiles.length,
    twice: mobiles.length - told.size,
    never: [...expected].filter((mobile) => !told.has(mobile)).length,
    strangers: [...told].filter((mobile) => !expected.has(mobile)).length,
  };
}
