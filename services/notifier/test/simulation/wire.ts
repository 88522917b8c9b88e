import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Agenda, Party } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The provider's end of a connection. */
export type FarEnd = {
  /** Octets come, which were written at an instant. */
  onOctets(octets: Buffer, writtenAt: number): void;
  /** Octets were written that never come. */
  onLost(octets: Buffer, writtenAt: number): void;
  onClosed(): void;
};

/** The way to a provider's end, and back. */
export type Wire = {
  readonly party: Party;
  send(octets: Buffer): void;
  /** Breaks the connection: what is on its way is lost, or comes all the same. */
  reset(): void;
};

type WireInput = {
  readonly agenda: Agenda;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly party: Party;
  /** Who the provider is, to whom octets come. */
  readonly provider: Party;
  readonly wayMs: () => number;
  readonly isRefused: () => boolean;
  readonly open: (wire: Wire) => FarEnd;
};

/** Makes a socket that leads to the provider over the agenda; what is written comes in its order. */
export function openWire({ agenda, time, chance, party, provider, wayMs, isRefused, open }: WireInput): {
  socket: Socket;
  wire: Wire;
} {
  let far: FarEnd | null = null;
  let isOver = false;
  const onTheWay = new Set<{ octets: Buffer; writtenAt: number; isLost: boolean }>();
  const latest = { there: 0, back: 0 };
  const inOrder = (way: 'there' | 'back'): number => {
    latest[way] = Math.max(latest[way], agenda.now() + wayMs());
    return latest[way] - agenda.now();
  };
  const here = (work: () => void, ms: number): void => void agenda.add(party, ms, () => time.as(party, work));

  const socket = new Duplex({
    read: () => undefined,
    write: (octets: Buffer, _encoding, done) => {
      put(Buffer.from(octets));
      done();
    },
    final: (done) => {
      close();
      done();
    },
    destroy: (_error, done) => {
      close();
      done(null);
    },
  });
  function put(octets: Buffer): void {
    // What is written before one hears that the other end is gone is lost.
    const sent = { octets, writtenAt: agenda.now(), isLost: isOver };
    onTheWay.add(sent);
    agenda.add(provider, inOrder('there'), () => {
      if (!onTheWay.delete(sent)) return;
      if (sent.isLost) far?.onLost(octets, sent.writtenAt);
      else far?.onOctets(octets, sent.writtenAt);
    });
  }
  /** Our end is closed: the kernel goes on with what it has, or a reset takes it along. */
  function close(): void {
    if (isOver) return;
    isOver = true;
    lose();
    agenda.add(provider, inOrder('there'), () => far?.onClosed());
  }
  function lose(): void {
    const isLost = chance.happens(0.5);
    for (const sent of onTheWay) sent.isLost ||= isLost;
  }
  const wire: Wire = {
    party,
    send: (octets) => {
      if (isOver) return;
      here(() => {
        if (!isOver) socket.push(octets);
      }, inOrder('back'));
    },
    reset: () => {
      if (isOver) return;
      lose();
      isOver = true;
      agenda.add(provider, inOrder('there'), () => far?.onClosed());
      here(() => socket.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })), inOrder('back'));
    },
  };
  here(() => {
    if (socket.destroyed) return;
    if (isRefused()) return void socket.destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    far = open(wire);
    socket.emit('connect');
  }, wayMs());
  const own = { setNoDelay: () => socket, setKeepAlive: () => socket, resetAndDestroy: () => socket.destroy() };
  return { socket: Object.assign(socket, own) as unknown as Socket, wire };
}
