import type { Endpoint } from '@bijli/service';
import type { HttpContext } from './context.ts';
import { getBehaviourEndpoint } from './get-behaviour.ts';
import { getFontEndpoint } from './get-font.ts';
import { getHandsetsEndpoint } from './get-handsets.ts';
import { getIconEndpoint } from './get-icon.ts';
import { getPdusEndpoint } from './get-pdus.ts';
import { getScriptEndpoint } from './get-script.ts';
import { getStatsEndpoint } from './get-stats.ts';
import { getStyleEndpoint } from './get-style.ts';
import { listMessagesEndpoint } from './list-messages.ts';
import { putBehaviourEndpoint } from './put-behaviour.ts';

/** Lists the endpoints of the simulator. */
export function routes(context: HttpContext): Endpoint[] {
  return [
    getHandsetsEndpoint(context),
    getStyleEndpoint(),
    getScriptEndpoint(),
    getIconEndpoint(),
    getFontEndpoint(),
    listMessagesEndpoint(context),
    getStatsEndpoint(context),
    getPdusEndpoint(context),
    getBehaviourEndpoint(context),
    putBehaviourEndpoint(context),
  ];
}
