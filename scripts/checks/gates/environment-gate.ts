import type { Finding, SourceFile } from './gate.ts';
import { findLines } from './gate.ts';

const ours = /^(libs|services)\/.*\.ts$/;
const mayRead = [
  /^services\/[^/]+\/src\/(main|config)\.ts$/,
  /^services\/[^/]+\/src\/.*\.test\.ts$/,
  /^(libs|services)\/[^/]+\/test\//,
  /^libs\/[^/]+\/src\/.*\.test\.ts$/,
  /^libs\/testing\//,
  // Loaded by node before any service of ours exists.
  /^libs\/service\/src\/telemetry\.ts$/,
  // kafkajs reads variables by itself that print payloads; refused where it is opened.
  /^libs\/kafka\/src\/(open-kafka|refuse-payload-logging)\.ts$/,
];

/** Rule 6: `main.ts` hands the environment to `config.ts`; nobody else looks at it. */
export function environmentGate(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => ours.test(path) && !mayRead.some((place) => place.test(path)))
    .flatMap((file) =>
      findLines(
        file,
        /\bprocess\s*\.\s*env\b|from '(node:)?process'/,
        'only main.ts and config.ts read the environment',
      ),
    );
}
