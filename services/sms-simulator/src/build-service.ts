import type { Component } from '@bijli/loop';
import { httpComponent, type Logger } from '@bijli/service';
import type { Config } from './config.ts';
import { messageStore } from './handsets/message-store.ts';
import { api } from './http/api-description.ts';
import { routes } from './http/routes.ts';
import { openPduLog } from './log/pdu-log.ts';
import { openAccount } from './smsc/account.ts';
import { type Smsc, smsc } from './smsc/smsc.ts';

/** What the simulator is built from; a test passes its own. */
export type ServiceInput = {
  readonly config: Config;
  readonly log: Logger;
};

const VERSION = '0.1.0';
/** Messages that the page and the API can show; the log has them all. */
const SHOWN_MESSAGES = 10_000;

/** Wires the simulator: one account, its SMSC, and the handsets over HTTP. */
export function buildService({ config, log }: ServiceInput): {
  components: Component[];
  smsc: Smsc;
  http: ReturnType<typeof httpComponent>;
} {
  const store = messageStore(SHOWN_MESSAGES);
  const pduLog = openPduLog({ path: config.pduLog, maxOctets: config.logMaxOctets, keptFiles: config.logFiles, log });
  const account = openAccount({ ...config, store, pduLog, log });
  const server = smsc({ host: config.host, port: config.smppPort, account });
  const endpoints = routes({ account, pduLogPath: config.pduLog, connections: server.sessions });
  const http = httpComponent({
    name: 'sms-simulator',
    api,
    version: VERSION,
    host: config.host,
    port: config.port,
    log,
    endpoints,
    components: [server],
  });
  return { components: [server, http], smsc: server, http };
}
