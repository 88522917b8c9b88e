import { runGate } from './gate.ts';
import { metricsGate } from './metrics-gate.ts';

runGate('metrics', metricsGate);
