import { address } from './services.ts';
import type { Listener, StartSettings } from './settings.ts';

const hourMs = 3_600_000;

/** Says where everything is and what to try first, in lines that can be pasted. */
export function welcome(settings: StartSettings, now = new Date()): string {
  const at = (listener: Listener, path = ''): string => address(settings, listener, path);
  const { ownSmsc } = settings;
  return `
  ${ownSmsc ? `texts go to people: ${ownSmsc.shown}` : `handsets          ${at('sms-simulator', '/')}`}
  outage            ${at('outage', '/docs')}
  billing           ${at('billing', '/docs')}
  complaint         ${at('complaint', '/docs')}
  notifier          ${at('notifier', '/docs')}
  consumer registry ${at('consumer-registry', '/docs')}
  schemas           ${at('schema-endpoint', '/subjects')}
  logs, traces      ${settings.dataFolder}/logs, ${settings.dataFolder}/traces
${settings.withTown ? thingsToTry(at, now) : firstSteps}`;
}

/** The town's made-up numbers may be somebody's. */
const firstSteps = `
  The demonstration town is not loaded: its made-up numbers may be somebody's. Bring your own connections with npm run import,
  your own number first, and cut its transformer: docs/how-to/add-provider.md.
`;

function thingsToTry(at: (listener: Listener, path?: string) => string, now: Date): string {
  return `
  The whole story on simulated handsets, as often as you like: npm run demo (in another terminal)

  Announce planned work on a feeder; after ten seconds, in which it can be taken back, the handsets hear of it:
${curl(at('outage', '/v1/planned-outages'), { nodeIds: ['F-1102'], cause: 'maintenance', startsAt: inHours(now, 24), endsAt: inHours(now, 28) })}
  Report a cut, say anew when supply returns, restore it:
    OUTAGE=$(${curl(at('outage', '/v1/outages'), { nodeIds: ['F-1101'], cause: 'tree-on-line' }).trim()} | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
${curl(at('outage', '/v1/outages/$OUTAGE/restoration-estimate'), { estimatedRestorationAt: inHours(now, 5) }, 'PUT')}
${curl(at('outage', '/v1/outages/$OUTAGE/restoration'), {})}
  Who was told what, and the way of it:
    curl -s "${at('notifier', '/v1/runs?outageId=$OUTAGE')}"
    npm run trace -- $OUTAGE
`;
}

function curl(url: string, body: object, method = 'POST'): string {
  return `    curl -s -X ${method} "${url}" -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
}

/** On the full hour, in Indian time, as people say times. */
function inHours(now: Date, hours: number): string {
  const istMs = 5.5 * hourMs;
  const full = Math.ceil((now.getTime() + istMs) / hourMs) * hourMs + hours * hourMs;
  return `${new Date(full).toISOString().slice(0, 16)}:00+05:30`;
}
