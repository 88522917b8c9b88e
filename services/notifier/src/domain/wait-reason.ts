/** How the sending stands: what would keep a text from leaving now. */
export type SendingStanding = {
  readonly isStopped: boolean;
  readonly reason: string;
  readonly changedBy: string;
  readonly changedAt: Date;
  readonly link: LinkStanding;
};

/** Whether the link to the provider is bound, since when it is so, and why it is not. */
export type LinkStanding = { readonly isUp: boolean; readonly since: Date; readonly problem: string | null };

/** Says in words what keeps every text from leaving; null when nothing does. */
export function obstacleOf({ isStopped, reason, changedBy, changedAt, link }: SendingStanding): string | null {
  if (isStopped) return `sending is stopped since ${changedAt.toISOString()} by ${changedBy}: ${reason}`;
  if (link.isUp) return null;
  return `the SMPP link is down since ${link.since.toISOString()}: ${link.problem ?? 'not bound yet'}`;
}

/** Says in words why a run that is open does not go on; null when it does. `ahead` counts the contacts of runs that go first. */
export function waitReason(obstacle: string | null, ahead: number): string | null {
  if (obstacle !== null) return obstacle;
  return ahead > 0 ? `waiting behind ${ahead} contacts of earlier runs` : null;
}
