/** What somebody may ask of a run: to let a held one go, or to call back what was not sent yet. */
export type AskKind = 'release' | 'recall';

/** What was asked of a run and waits for another person. */
export type RunAsk = {
  readonly kind: AskKind;
  readonly askedBy: string;
  readonly reason: string;
  readonly askedAt: Date;
};

/** States in which a run may be asked for this. */
export const ASKABLE: Readonly<Record<AskKind, readonly string[]>> = { release: ['held'], recall: ['open', 'held'] };

/** Tells whether this is another person than the one who asked. By name until there is sign-in, so that case and spaces make no other person. */
export function isAnother({ askedBy }: Pick<RunAsk, 'askedBy'>, confirmedBy: string): boolean {
  return plain(askedBy) !== plain(confirmedBy);
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s._-]+/gu, '');
}
