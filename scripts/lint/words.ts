import { runGate } from './gate.ts';
import { wordsGate } from './words-gate.ts';

runGate('words', wordsGate);
