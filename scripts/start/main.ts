// `npm start`: brings up everything on this machine and stays in the foreground until it is told to stop.
import { join } from 'node:path';
import { bringUp } from './bring-up.ts';
import { claimDataFolder } from './claim-data-folder.ts';
import { judgeProvider } from './judge-provider.ts';
import { type Narrator, narrate, screenOf } from './narrator.ts';
import { judgeOwnTexts } from './own-texts.ts';
import { StartProblem } from './problem.ts';
import { readStartSettings, type StartSettings } from './settings.ts';
import { openStages } from './stages.ts';
import { whenNobodyReads, whenParentIsGone } from './stop-with-parent.ts';
import { welcome } from './welcome.ts';

const impatientAfterMs = 1_000;
// The bootstrap may have fetched and installed before us: the user has waited since then.
const beganAt = Number(process.env['BIJLI_BEGAN_AT'] ?? Date.now());
const narrator = narrate(screenOf(process.stdout, process.env));

try {
  const settings = readStartSettings(process.env, process.argv.slice(2));
  judgeOwnTexts(process.env);
  await judgeProvider(process.env);
  await start(settings, narrator);
} catch (fault) {
  if (!(fault instanceof StartProblem)) throw fault;
  process.stderr.write(`${fault.message}\n`);
  process.exitCode = 1;
}

async function start(settings: StartSettings, narrator: Narrator): Promise<void> {
  const claim = claimDataFolder(settings.dataFolder);
  const stages = openStages(narrator, (name) => join(settings.dataFolder, 'logs', `${name}.log`));
  let toldAt = 0;
  function stop(): void {
    // A terminal signals npm and its child, and npm passes its signal on: one Ctrl-C arrives twice. A person's second one is later,
    // and in a hurry: the guards stop what is left.
    if (toldAt && performance.now() - toldAt > impatientAfterMs) process.exit(1);
    if (toldAt) return;
    toldAt = performance.now();
    void stages.stopAll().then(() => {
      claim.release();
      process.exit(0);
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenParentIsGone(stop);
  // `npm start | head` has its ten lines, or npm was killed: that must not keep us from stopping in order.
  whenNobodyReads(() => {
    if (!toldAt) stop(); // a reader that goes during the stop, as tee does on Ctrl-C, is not in a hurry
  });
  try {
    await bringUp(settings, claim, narrator, stages);
    narrator.say(welcome(settings));
    narrator.say(`ready in ${((Date.now() - beganAt) / 1_000).toFixed(1)} s`);
  } catch (fault) {
    if (toldAt) return; // what was stopped under its feet is no news
    await stages.stopAll();
    claim.release();
    throw fault;
  }
}
