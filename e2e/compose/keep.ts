import { ask } from './ask.ts';
import { at, compose } from './docker-compose.ts';
import { simulatorLog } from './told.ts';

/** Takes every container away and makes them anew: the volumes must bring back all there was. */
export async function downAndUp(): Promise<string> {
  const before = await whatIsKept();
  await compose('down');
  await compose('up', '--detach', '--wait');
  const after = await whatIsKept();
  if (after !== before) throw new Error(`before: ${before}; after: ${after}`);
  return `as before: ${after}`;
}

async function whatIsKept(): Promise<string> {
  const [{ connections, reachable }, { items: outages }, { runs }, parts] = await Promise.all([
    ask<{ connections: number; reachable: number }>('GET', at('notifier', '/v1/audience')),
    ask<{ items: unknown[] }>('GET', at('outage', '/v1/outages')),
    ask<{ runs: unknown[] }>('GET', at('notifier', '/v1/runs')),
    simulatorLog(at('sms-simulator')).parts(),
  ]);
  return `${connections} connections, ${reachable} reachable, ${outages.length} outages, ${runs.length} runs, ${parts.length} parts`;
}
