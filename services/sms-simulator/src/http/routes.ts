import type { Endpoint } from '@bijli/service';
import type { Account } from '../smsc/account.ts';
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

/** What the endpoints work on. */
export interface RoutesInput {
  account: Account;
  pduLogPath: string;
  connections: () => number;
}

/** Lists the endpoints of the simulator. */
export function routes(input: RoutesInput): Endpoint[] {
  return [
    getHandsetsEndpoint(input),
    getStyleEndpoint(),
    getScriptEndpoint(),
    getIconEndpoint(),
    getFontEndpoint(),
    listMessagesEndpoint(input),
    getStatsEndpoint(input),
    getPdusEndpoint(input),
    getBehaviourEndpoint(input),
    putBehaviourEndpoint(input),
  ];
}
