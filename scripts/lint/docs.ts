import { docsGate } from './docs-gate.ts';
import { runGate } from './gate.ts';

runGate('docs', docsGate);
