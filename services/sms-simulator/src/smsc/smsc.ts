import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Metric, metric, type Component } from '@bijli/loop';
import type { Account } from './account.ts';
import { type DelayedAnswer, type SmscSession, startSmscSession } from './session.ts';
import type { Ended } from './take-submit.ts';
import { timetable } from './timetable.ts';

/** What the SMSC is started with. */
export type SmscInput = {
  readonly host: string;
  /** 0 takes a free port; `port()` tells which. */
  readonly port: number;
  readonly account: Account;
};

/** The SMSC of the simulator as a part of its service. */
export type Smsc = Component & {
  port(): number;
  sessions(): number;
};

const TICK_MS = 1_000;

/** Makes the SMPP server. Stopping cuts the connections; receipts that were not sent are forgotten. */
export function smsc({ host, port, account }: SmscInput): Smsc {
  const sessions = new Set<SmscSession>();
  const endings = timetable<Ended>((due) => {
    for (const { message, state, error } of due) Object.assign(message, { state, error });
  });
  const delayed = timetable<DelayedAnswer>((due) => {
    for (const { session, sequence, answer } of due) session.answer(sequence, answer);
    for (const session of new Set(due.map((each) => each.session))) session.flush();
  });
  let server: Server | undefined;
  let ticker: NodeJS.Timeout | undefined;
  let latestId = 0;

  return {
    name: 'smsc',
    start: async () => {
      server = createServer((socket) => {
        latestId += 1;
        sessions.add(
          startSmscSession({
            id: latestId,
            socket,
            account,
            endings,
            delayed,
            onClosed: (session) => sessions.delete(session),
          }),
        );
      });
      server.listen({ host, port });
      await once(server, 'listening');
      account.log.info({ port: (server.address() as AddressInfo).port }, 'SMSC listens');
      ticker = setInterval(() => {
        const now = performance.now();
        for (const session of sessions) session.tick(now);
      }, TICK_MS);
    },
    stop: async () => {
      clearInterval(ticker);
      for (const each of [endings, delayed, account.receipts]) each.stop();
      const closing = server?.listening === true ? once(server, 'close') : undefined;
      server?.close();
      for (const session of sessions) session.close();
      await closing;
      account.pduLog.flush();
      account.pduLog.close();
    },
    ready: () => ({ ok: server?.listening === true, detail: `${sessions.size} connections` }),
    metrics: () => metricsOf(account, sessions.size),
    port: () => (server?.address() as AddressInfo | null | undefined)?.port ?? 0,
    sessions: () => sessions.size,
  };
}

function metricsOf({ counters, receipts, pduLog }: Account, sessions: number): Metric[] {
  return [
    metric('bijli_smsc_connections', 'Connections that are bound', sessions),
    metric('bijli_smsc_submits_total', 'Message parts that came', counters.submits),
    metric('bijli_smsc_accepted_total', 'Message parts that were accepted', counters.accepted),
    metric('bijli_smsc_throttled_total', 'Message parts that were answered with ESME_RTHROTTLED', counters.throttled),
    metric('bijli_smsc_receipts_answered_total', 'Receipts that were answered', counters.receiptsAnswered),
    metric('bijli_smsc_receipts_waiting', 'Receipts that are to be sent', receipts.waiting()),
    metric('bijli_smsc_pdus_total', 'PDUs in the log, both ways', pduLog.count()),
  ];
}
