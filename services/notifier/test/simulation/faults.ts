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

/** A fault that waits for one of some parties to come so far. */
type Armed = {
  readonly fault: Fault;
  readonly at: readonly { readonly slot: number; readonly party: Party; readonly moment: number }[];
};

export function openFaults(
  given: readonly Fault[],
  { agenda, server, smsc }: Ground,
  { world, hearing }: { readonly world: Party; readonly hearing: Party },
  replicas: Replicas,
): Faults {
  let armed: Armed[] = [];
  let isOver = false;
  const later = (ms: number, work: () => void): void => void agenda.add(world, ms, work);
  const frozen = new Set<Party>();
  const thaw = (party: Party): void => {
    if (frozen.delete(party)) agenda.thaw(party);
  };

  const momentOf = ({ at }: Fault, party: Party): number =>
    at === undefined ? party.steps : server.sightings.reached(party, at);

  function whoMayMeet(fault: Fault): Armed['at'] {
    const slots = fault.at === undefined ? [fault.slot] : Array.from({ length: replicas.slots }, (_, slot) => slot);
    return slots.flatMap((slot) => {
      const party = fault.is === 'cut-hearing' ? hearing : replicas.at(slot)?.party;
      return party === undefined ? [] : [{ slot, party, moment: momentOf(fault, party) + fault.moments }];
    });
  }
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
      case 'lose-beats':
        return server.loseBeats(party, ms);
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
      for (const fault of given) if (fault.afterStep === step) armed.push({ fault, at: whoMayMeet(fault) });
    },
    look: () => {
      if (armed.length === 0 || isOver) return;
      for (const one of [...armed]) {
        const met = one.at.find(({ party, moment }) => momentOf(one.fault, party) >= moment);
        if (met === undefined) continue;
        armed = armed.filter((other) => other !== one);
        strike({ ...one.fault, slot: met.slot });
      }
    },
    over: () => {
      isOver = true;
      for (const party of frozen) thaw(party);
    },
  };
}
