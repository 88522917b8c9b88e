import { runGate } from './gate.ts';
import { namesGate } from './names-gate.ts';

runGate('names', namesGate);
