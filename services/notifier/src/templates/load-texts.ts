import { readFileSync, statSync } from 'node:fs';
import { judgeTexts } from './judge-texts.ts';
import approved from './approved.json' with { type: 'json' };
import { LONGEST_FILE_BYTES, readTextFile, type TextFile, textFile } from './text-file.ts';

/** The texts that are sent where no file of one's own is named: UPPCL's, under placeholder ids. */
export const shippedTexts: TextFile = textFile.parse(approved);

/** A file of texts, or null with everything that is wrong with it. */
export type LoadedTexts = { readonly file: TextFile | null; readonly problems: readonly string[] };

/** Loads a utility's own texts, and judges them; `file` is there also where only its texts are wrong, for who wants to look at them. */
export function loadTexts(path: string): LoadedTexts {
  const octets = readOctets(path);
  if (octets === null) return { file: null, problems: ['the file cannot be read, or is larger than 1 MB'] };
  const { file, problems } = readTextFile(octets);
  return file === null ? { file, problems } : { file, problems: judgeTexts(file) };
}

function readOctets(path: string): Buffer | null {
  try {
    return statSync(path).size > LONGEST_FILE_BYTES ? null : readFileSync(path);
  } catch {
    return null;
  }
}
