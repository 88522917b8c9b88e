import { citationsGate } from '../gates/citations-gate.ts';
import { repositoryFiles } from '../gates/repository-files.ts';
import { sourceFiles } from './source-files.ts';

/** Counts the comments of a checkout that cite a document or a decision which is not there. */
export function countLostCitations(root: string): number {
  return citationsGate(sourceFiles(root), repositoryFiles(root)).length;
}
