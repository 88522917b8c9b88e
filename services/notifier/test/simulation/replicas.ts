import type { Party } from './agenda.ts';
import { type Ground, type Replica, startReplica } from './replica.ts';
import type { Story } from './story.ts';

/** The replicas, each in a slot: one that dies is followed by another. */
export type Replicas = {
  start(): void;
  readonly slots: number;
  /** The replica in a slot; null while none is there. */
  at(slot: number): Replica | null;
  kill(slot: number, backAfterMs: number): void;
  /** One of them hears that there is something to do. */
  wake(): void;
  complaints(): readonly string[];
};

export function openReplicas(ground: Ground, world: Party, { replicas: count, ...options }: Story): Replicas {
  const slots: (Replica | null)[] = [];
  const all: Replica[] = [];
  const chance = ground.chance.fork('slots');
  const begin = (slot: number): void => {
    const replica = startReplica(`replica ${slot + 1}.${all.length + 1}`, ground, options);
    slots[slot] = replica;
    all.push(replica);
  };
  return {
    slots: count,
    start: () => {
      for (let slot = 0; slot < count; slot += 1) begin(slot);
    },
    at: (slot) => slots[slot] ?? null,
    kill: (slot, backAfterMs) => {
      slots[slot]?.kill();
      slots[slot] = null;
      ground.agenda.add(world, backAfterMs, () => begin(slot));
    },
    wake: () => chance.of(slots.filter((one) => one !== null))?.wake(),
    complaints: () => all.flatMap(({ complaints }) => complaints),
  };
}
