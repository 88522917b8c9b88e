import type { Endpoint } from '@bijli/service';
import type { Account } from '../smsc/account.ts';
import { getBehaviour } from './get-behaviour.ts';
import { getFont } from './get-font.ts';
import { getHandsets } from './get-handsets.ts';
import { getIcon } from './get-icon.ts';
import { getPdus } from './get-pdus.ts';
import { getScript } from './get-script.ts';
import { getStats } from './get-stats.ts';
import { getStyle } from './get-style.ts';
import { listMessages } from './list-messages.ts';
import { putBehaviour } from './put-behaviour.ts';

/** What the endpoints work on. */
export interface RoutesInput {
  account: Account;
  pduLogPath: string;
  connections: () => number;
}

/** Lists the endpoints of the simulator. */
export function routes(input: RoutesInput): Endpoint[] {
  return [
    getHandsets(input),
    getStyle(),
    getScript(),
    getIcon(),
    getFont(),
    listMessages(input),
    getStats(input),
    getPdus(input),
    getBehaviour(input),
    putBehaviour(input),
  ];
}
