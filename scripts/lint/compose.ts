import { composeGate } from './compose-gate.ts';
import { runGate } from './gate.ts';

runGate('containers', composeGate);
