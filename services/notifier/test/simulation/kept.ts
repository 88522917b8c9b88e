import { readFileSync } from 'node:fs';
import type { Story } from './story.ts';

/** Stories that the engine did not tell rightly once, by what it did. */
export const kept = JSON.parse(readFileSync(new URL('kept.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Story>
>;
