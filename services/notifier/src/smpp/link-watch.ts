import type { LinkStanding } from '../domain/wait-reason.ts';
import type { SmppLink } from './smpp-link.ts';

/** Remembers when a link went up or down. */
export type LinkWatch = {
  /** To be called whenever the state of the link may have changed. */
  look(): void;
  standing(): LinkStanding;
};

/** Watches a link, which is down until it is bound for the first time. */
export function linkWatch(link: Pick<SmppLink, 'state' | 'problem'>, clock: () => Date): LinkWatch {
  let isUp = false;
  let since = clock();
  const look = (): void => {
    if ((link.state() === 'bound') === isUp) return;
    isUp = !isUp;
    since = clock();
  };
  return {
    look,
    standing: () => {
      look();
      return { isUp, since, problem: isUp ? null : (link.problem() ?? null) };
    },
  };
}
