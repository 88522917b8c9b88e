import type { InspectedFile } from './inspect-file.ts';
import { counted } from './news.ts';

/** What became of a file, as far as the registry's answer is read here. */
export type FileReport = {
  readonly importId: string;
  readonly rows: number;
  readonly registered: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly warnings: number;
  readonly unmapped?: number;
};

/** One line on what became of a file; of a dry run, what would have. */
export function reportLine({ name }: InspectedFile, report: FileReport, isDryRun: boolean): string {
  const { rows, registered, changed, unchanged, refused, warnings, unmapped = 0 } = report;
  const parts = [
    [registered, 'new'],
    [changed, 'changed'],
    [unchanged, 'unchanged'],
    [refused, 'refused'],
    [warnings, 'taken with a warning'],
    [unmapped, 'on no node of the network'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${counted(count)} ${what}`);
  return `${name}: ${counted(rows)} rows${isDryRun ? ' would be' : ''}: ${said.join(', ') || 'nothing'}`;
}
