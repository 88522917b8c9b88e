import { adrGate } from './adr-gate.ts';
import { causesGate } from './causes-gate.ts';
import { citationsGate } from './citations-gate.ts';
import { composeGate } from './compose-gate.ts';
import { declaredImportsGate } from './declared-imports-gate.ts';
import { docsGate } from './docs-gate.ts';
import { environmentGate } from './environment-gate.ts';
import type { Gate } from './gate.ts';
import { metricsGate } from './metrics-gate.ts';
import { namesGate } from './names-gate.ts';
import { wordsGate } from './words-gate.ts';

/** The rules of our own that look at the files of the repository and need nothing else. */
export const gates = {
  causes: causesGate,
  containers: composeGate,
  'declared imports': declaredImportsGate,
  docs: (files, paths) => [...docsGate(files, paths), ...citationsGate(files, paths), ...adrGate(files)],
  environment: environmentGate,
  metrics: metricsGate,
  names: namesGate,
  words: wordsGate,
} as const satisfies Record<string, Gate>;

export type GateName = keyof typeof gates;
