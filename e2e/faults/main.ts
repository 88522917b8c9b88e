// `npm run faults`: does to a system of its own what can go wrong on one machine, and says whether each promise held. See docs/reliability.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freeBasePort } from '../start-and-stop.processes.ts';
import { allCases } from './cases/all-cases.ts';
import { playFaults } from './play.ts';
import { addTo, describeMachine, linesOf, reliabilityPage, type Report } from './report.ts';

const USAGE = `npm run faults [-- options]

Does to a system of its own what can go wrong on one machine, one fault after the other, and says what was seen and whether the promise held.

  --quick        the most telling ones, in less than ten minutes
  --only WORDS   those whose name fits this regular expression
  --seed NUMBER  the seed of what is left to chance; that of the file, or the time, unless given
  --json FILE    adds what was seen to a file
  --write        writes docs/reliability.md, from the file where there is one
  --list         names the faults and plays none
  --help         this`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seed: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const page = join(import.meta.dirname, '../../docs/reliability.md');
const chosen = allCases.filter(({ name, isQuick }) => new RegExp(values.only).test(name) && (isQuick || !values.quick));

if (values.help) console.log(USAGE);
else if (values.list) for (const { name } of chosen) console.log(name);
else await play();

async function play(): Promise<void> {
  let report = values.json !== undefined && existsSync(values.json) ? read(values.json) : null;
  const seed = Number(values.seed ?? report?.seed ?? Date.now() % 1_000_000);
  const basePort = Number(process.env['BIJLI_PORT'] ?? freeBasePort());
  const played: Report = { faults: [], seed, machine: describeMachine() };
  console.log(`${chosen.length} faults, seed ${seed}, ${played.machine}`);
  const results = await playFaults({
    cases: chosen,
    basePort,
    seed,
    onResult: (result) => {
      console.log(linesOf(result));
      report = addTo(report, { ...played, faults: [result] });
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
    },
  });
  if (values.write && report !== null) {
    const names = allCases.map(({ name }) => name);
    writeFileSync(page, reliabilityPage(report, names));
  }
  const met = results.filter((one) => one.met).length;
  console.log(`${met} of ${results.length} met`);
  process.exitCode = met === results.length ? 0 : 1;
}

function read(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}
