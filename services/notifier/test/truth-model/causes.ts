import { keyOf } from './book.ts';
import { type Facts, feeds, type Outage } from './facts.ts';

/** Who should have heard of what, by the number of the step in which it became so. */
export type Causes = {
  /** An event of an outage that was or is open, in whose scope the connection is, or its coming into the scope of one that stands. */
  readonly reached: ReadonlyMap<string, number>;
  /** Likewise, of one outage. */
  readonly reachedBy: ReadonlyMap<string, number>;
  /** Its network, its contacts, its state; or a text of it that the provider refused. */
  readonly changed: ReadonlyMap<string, number>;
  /** Connections below other nodes than before: what was told by an outage there is not seen by one here (a known gap). */
  readonly moved: ReadonlySet<string>;
  heard(outage: Outage, known: Outage | undefined, facts: Facts, step: number): void;
  /** `facts` after the change. */
  change(account: string, facts: Facts, step: number): void;
  move(account: string, facts: Facts, step: number): void;
  refuse(mobile: string, facts: Facts, step: number): void;
};

export function openCauses(): Causes {
  const [reached, reachedBy, changed] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  /** Connections of which an outage has judged something: a change of them alone is no reason to judge them again. */
  const judged = new Set<string>();
  const reach = (account: string, { id, status }: Outage, step: number, known?: Outage): void => {
    judged.add(keyOf(account, id));
    // Of a contact with news of a window that is all it hears in this run: whether it is off is said by the run of that outage (a known gap).
    if (status === 'open' || known?.status === 'open') reached.set(account, step);
    reachedBy.set(keyOf(account, id), step);
  };
  const moved = new Set<string>();
  function change(account: string, facts: Facts, step: number): void {
    changed.set(account, step);
    const node = facts.homes.find((home) => home.account === account)?.node ?? '';
    for (const outage of facts.outages.values()) {
      const stands = outage.status === 'open' || outage.status === 'announced';
      if (stands && feeds(outage, node, facts) && !judged.has(keyOf(account, outage.id)))
        reach(account, outage, step + AFTER_THE_CHANGE);
    }
  }
  return {
    moved,
    reached,
    reachedBy,
    changed,
    heard(outage, known, facts, step) {
      for (const { account, node } of facts.homes)
        if (feeds(outage, node, facts) || (known !== undefined && feeds(known, node, facts)))
          reach(account, outage, step, known);
    },
    change,
    move(account, facts, step) {
      moved.add(account);
      change(account, facts, step);
    },
    refuse(mobile, { homes }, step) {
      for (const { account, contacts } of homes)
        if (contacts.some((contact) => contact.mobile === mobile)) changed.set(account, step + AFTER_THE_TEXT);
    },
  };
}

const AFTER_THE_CHANGE = 0.5;
const AFTER_THE_TEXT = 0.9;
