import { causesGate } from './causes-gate.ts';
import { runGate } from './gate.ts';

runGate('causes', causesGate);
