// `npm run demo`, while `npm start` runs: plays the story of a cut, a bill and a complaint against the system, as often as you like.
import { asksForHelp } from '@bijli/start/asks-for-help';
import { asker } from './ask.ts';
import { chooseCast } from './cast.ts';
import { openStage } from './stage.ts';
import { playStory } from './story.ts';
import { screenOf } from '@bijli/start/narrator';
import { readStartSettings } from '@bijli/start/settings';

const USAGE = `npm run demo

Plays the story of a cut, a bill and a complaint against the system that npm start runs, on simulated handsets, as often as you like. It takes
no arguments, and finds the system by BIJLI_PORT. With an SMSC of your own it does not play: its texts would go to people.`;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});

async function main(args: readonly string[]): Promise<number> {
  if (asksForHelp(args)) {
    console.log(USAGE);
    return 0;
  }
  if (args.length > 0) throw new Error('npm run demo takes no arguments');
  const began = performance.now();
  const settings = readStartSettings(process.env, []);
  const ask = asker(settings);
  const stage = openStage(screenOf(process.stdout, process.env));
  stage.say('बिजली अलर्ट · Bijli Alert');
  await ask('GET', 'sms-simulator', '/v1/messages?limit=1'); // before anything is told: without it real handsets would be
  const cast = await chooseCast(ask);
  await playStory({ ask, stage, cast });
  stage.scene('यही है बिजली अलर्ट', 'that is Bijli Alert');
  stage.say(`Every handset: http://127.0.0.1:${settings.ports['sms-simulator']}/`);
  stage.say('Play it again: npm run demo');
  stage.say(`Played in ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
  return 0;
}
