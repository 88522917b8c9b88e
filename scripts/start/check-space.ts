import { statfs } from 'node:fs/promises';
import { StartProblem } from './problem.ts';

const neededBytes = 1e9; // PostgreSQL's log of changes alone may take that
const bytesPerMegabyte = 1e6;

/** @throws StartProblem when the disk of the data folder has too little left to run on. */
export async function checkSpace(dataFolder: string, needed = neededBytes): Promise<number> {
  const { bavail, bsize } = await statfs(dataFolder);
  const left = bavail * bsize;
  if (left >= needed) return left;
  const megabytes = Math.ceil((needed - left) / bytesPerMegabyte);
  throw new StartProblem(
    `The disk of ${dataFolder} is full: free another ${megabytes} MB, or set BIJLI_DATA to a folder on another disk.`,
  );
}
