// `npm run house`: how the code is laid out, in numbers; with a folder, that of another checkout beside it.
import { resolve } from 'node:path';
import type { Measures } from './measure.ts';
import { measure } from './measure.ts';

const here = resolve(import.meta.dirname, '../../..');
const usage = `Usage: npm run house [-- FOLDER]

Counts what makes code hard to read: long files and functions, full folders, circles of imports, other dialects, comments that cite what is
not there, repeats. With FOLDER, another checkout of this repository, it shows that one before and this one after.`;

const [folder] = process.argv.slice(2);
if (folder === '--help') console.log(usage);
else {
  const checkouts = [...(folder === undefined ? [] : [resolve(folder)]), here];
  const measured: Measures[] = [];
  for (const checkout of checkouts) measured.push(await measure(checkout));
  for (const what of new Set(measured.flatMap((each) => [...each.keys()])))
    console.log(`${what.padEnd(48)}${measured.map((each) => String(each.get(what) ?? 0).padStart(8)).join('')}`);
}
