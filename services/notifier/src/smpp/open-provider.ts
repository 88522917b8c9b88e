import { sumOfCounters } from './link-counters.ts';
import type { SliceHandling } from './messages.ts';
import { openSmppLink } from './open-smpp-link.ts';
import type { LinkState, SmppLink, SmppLinkOptions } from './smpp-link.ts';

/** How an account binds: one bind for both ways, one for each, or one that only sends (then nobody hears of receipts). */
export const bindTypes = ['transceiver', 'transmitter-and-receiver', 'transmitter'] as const;
export type BindType = (typeof bindTypes)[number];

/** What all binds of an account have in common, and how many there are. */
export type ProviderOptions = Omit<SmppLinkOptions, 'bindAs' | 'wantsReceipts'> & {
  readonly bindType: BindType;
  /** Binds that send. */
  readonly binds: number;
};

/** One bind of the account, with its name for people. */
type NamedLink = {
  readonly name: string;
  readonly link: SmppLink;
};

/**
 * Makes the link to a provider account, of as many binds as its settings say; `start` connects them. The
 * binds that send divide each slice among those that are bound, by the room that each has. With one bind it is that.
 */
export function openProvider({ bindType, binds, ...options }: ProviderOptions): SmppLink {
  const bindAs = bindType === 'transceiver' ? 'transceiver' : 'transmitter';
  const shared = {
    ...options,
    wantsReceipts: bindType !== 'transmitter',
    onStateChange: () => options.onStateChange?.(stateOf(senders)),
  };
  const open = (kind: NonNullable<SmppLinkOptions['bindAs']>, name: string): NamedLink => ({
    name,
    link: openSmppLink({ ...shared, bindAs: kind, log: options.log.child({ bind: name }) }),
  });
  const senders = Array.from({ length: binds }, (_, n) => open(bindAs, binds === 1 ? bindAs : `${bindAs} ${n + 1}`));
  const receivers = bindType === 'transmitter-and-receiver' ? [open('receiver', 'receiver')] : [];
  return together(senders, receivers);
}

function together(senders: readonly NamedLink[], receivers: readonly NamedLink[]): SmppLink {
  const all = [...senders, ...receivers];
  return {
    start: () => {
      for (const { link } of all) link.start();
    },
    submitSlice: async (messages, handling) => {
      const bound = senders.filter(({ link }) => link.state() === 'bound');
      await Promise.all(divide(messages, bound.length > 0 ? bound : senders.slice(0, 1), handling));
    },
    state: () => stateOf(senders),
    room: () => senders.reduce((sum, { link }) => sum + link.room(), 0),
    problem: () =>
      all
        .filter(({ link }) => link.state() !== 'bound')
        .map(({ name, link }) => `${name}: ${link.problem() ?? link.state()}`)
        .join(', ') || undefined,
    destroy: (reason) => {
      for (const { link } of senders) link.destroy(reason);
    },
    stop: async () => {
      // Receipts of what is in flight still come while the senders finish.
      await Promise.all(senders.map(({ link }) => link.stop()));
      await Promise.all(receivers.map(({ link }) => link.stop()));
    },
    counters: () => sumOfCounters(all.map(({ link }) => link.counters())),
  };
}

/** Sending goes on while one bind is left. */
function stateOf(senders: readonly NamedLink[]): LinkState {
  const states = new Set(senders.map(({ link }) => link.state()));
  if (states.has('bound')) return 'bound';
  return states.has('connecting') ? 'connecting' : 'closed';
}

/** Neighbours stay together, and so do the parts of a message. */
function divide(
  messages: Parameters<SmppLink['submitSlice']>[0],
  senders: readonly NamedLink[],
  handling: SliceHandling,
): Promise<void>[] {
  const room = senders.reduce((sum, { link }) => sum + link.room(), 0);
  let from = 0;
  return senders.flatMap(({ link }, n) => {
    const share = room === 0 ? messages.length / senders.length : (messages.length * link.room()) / room;
    const to = n === senders.length - 1 ? messages.length : Math.min(messages.length, from + Math.ceil(share));
    const part = messages.slice(from, to);
    from = to;
    return part.length === 0 ? [] : [link.submitSlice(part, handling)];
  });
}
