import type { Party } from './agenda.ts';
import type { Ground } from './replica.ts';
import type { Replicas } from './replicas.ts';
import type { Fault } from './story.ts';

/** What goes wrong in a story, when its time comes. */
export type Faults = {
  /** A step of the history begins. */
  begin(step: number): void;
  /** Something has happened. */
  look(): void;
  /** Nothing goes wrong any more, and what does not work yet works again. */
  over(): void;
};

export function openFaults(
  given: readonly Fault[],
  { agenda, server, smsc }: Ground,
  { world, hearing }: { readonly world: Party; readonly hearing: Party },
  replicas: Replicas,
): Faults {
  let armed: { readonly fault: Fault; readonly party: Party; readonly atStep: number }[] = [];
  let isOver = false;
  const later = (ms: number, work: () => void): void => void agenda.add(world, ms, work);
  const frozen = new Set<Party>();
  const thaw = (party: Party): void => {
    if (frozen.delete(party)) agenda.thaw(party);
  };

  function strike({ is, ms, slot }: Fault): void {
    const party = replicas.at(slot)?.party;
    if (party === undefined) return;
    switch (is) {
      case 'kill':
        return replicas.kill(slot, ms);
      case 'freeze':
        party.isFrozen = true;
        frozen.add(party);
        return later(ms, () => thaw(party));
      case 'cut-off':
        return server.cut(party, ms);
      case 'cut-hearing':
        return server.cut(hearing, ms);
      case 'reset-link':
        return smsc.reset(party);
      case 'provider-away':
        smsc.awayUntil = agenda.now() + ms;
        return smsc.reset();
      case 'database-clock':
        return server.putClock(ms);
      case 'wall-clock':
        party.wallOffMs += ms;
        return;
      case 'slow-database': {
        const { way } = server;
        server.way = { usualMs: 50, slowMs: 3_000, slowly: 0.1 };
        return later(ms, () => {
          server.way = way;
        });
      }
    }
  }

  return {
    begin: (step) => {
      for (const fault of given) {
        const party = fault.is === 'cut-hearing' ? hearing : replicas.at(fault.slot)?.party;
        if (fault.afterStep === step && party !== undefined)
          armed.push({ fault, party, atStep: party.steps + fault.moments });
      }
    },
    look: () => {
      if (armed.length === 0 || isOver) return;
      const due = armed.filter(({ party, atStep }) => party.steps >= atStep);
      if (due.length === 0) return;
      armed = armed.filter((one) => !due.includes(one));
      for (const { fault } of due) strike(fault);
    },
    over: () => {
      isOver = true;
      for (const party of frozen) thaw(party);
    },
  };
}
