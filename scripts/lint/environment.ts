import { environmentGate } from './environment-gate.ts';
import { runGate } from './gate.ts';

runGate('environment', environmentGate);
