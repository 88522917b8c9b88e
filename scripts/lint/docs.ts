import { adrGate } from './adr-gate.ts';
import { citationsGate } from './citations-gate.ts';
import { docsGate } from './docs-gate.ts';
import { runGate } from './gate.ts';

runGate('docs', (files, paths) => [...docsGate(files, paths), ...citationsGate(files, paths), ...adrGate(files)]);
