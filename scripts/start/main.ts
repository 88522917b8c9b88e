// `npm start`: brings up everything on this machine and stays in the foreground until it is told to stop.
import { join } from 'node:path';
import { asksForHelp } from './asks-for-help.ts';
import { bringUp, type Missing } from './bring-up.ts';
import { claimDataFolder } from './claim-data-folder.ts';
import { type Narrator, narrate, screenOf } from './narrator.ts';
import { StartProblem } from './problem.ts';
import { sendingNews } from './sending-news.ts';
import { readStartSettings, type StartSettings } from './settings.ts';
import { openStages } from './stages.ts';
import { whenNobodyReads, whenParentIsGone } from './stop-with-parent.ts';
import { welcome } from './welcome.ts';

const impatientAfterMs = 1_000;
// The bootstrap may have fetched and installed before us: the user has waited since then.
const beganAt = Number(process.env['BIJLI_BEGAN_AT'] ?? Date.now());
const narrator = narrate(screenOf(process.stdout, process.env));

const USAGE = `npm start [-- --fresh] [--town]

Brings up the whole system on this machine and stays until Ctrl-C stops it, all in order.

  --fresh  forget everything that was kept
  --town   load the demonstration town although texts go to people, to an SMSC of your own
  --help   this

BIJLI_PORT is the base of all ports, 18000 unless set; BIJLI_DATA where data is kept, .data unless set; DATABASE_URL and KAFKA_BROKERS are
servers of your own. SMPP_HOST and what docs/how-to/add-provider.md says with it is an SMSC of your own.`;

try {
  if (asksForHelp(process.argv.slice(2))) process.stdout.write(`${USAGE}\n`);
  else await start(readStartSettings(process.env, process.argv.slice(2)), narrator);
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
    const news = sendingNews(narrator.say);
    const missing = await bringUp({ settings, claim, narrator, stages }, news.onLine);
    narrator.say(welcome(settings));
    narrator.say(`ready in ${((Date.now() - beganAt) / 1_000).toFixed(1)} s${without(missing)}`);
    news.begin();
  } catch (fault) {
    if (toldAt) return; // what was stopped under its feet is no news
    await stages.stopAll();
    claim.release();
    throw fault;
  }
}

/** What is not there is tried again; the terminal says when it comes. */
function without(missing: readonly Missing[]): string {
  return missing.map(({ name, why }) => `\n  but without ${name}, which is tried again: ${why}`).join('');
}
