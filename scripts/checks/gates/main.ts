// `node --conditions=bijli-source scripts/checks/gates/main.ts <gate>`: holds one rule of our own against the whole repository.
import { type GateName, gates } from './all-gates.ts';
import { runGate } from './gate.ts';

const names = Object.keys(gates) as GateName[];
const chosen = names.find((name) => name === process.argv[2]);
if (chosen === undefined) throw new Error(`name one of ${names.join(', ')}`);
runGate(chosen, gates[chosen]);
