import type { KafkaConnection } from '@bijli/kafka';
import { type OnOutcome, runSubscriptions } from '@bijli/outbox';
import { closeDatabase, type Database, isTransientError, query } from '@bijli/postgres';
import { metric, type Component } from '@bijli/loop';
import { connectionComponent, failpoint, httpComponent, type Logger } from '@bijli/service';
import type { Config } from './config.ts';
import { beyondTheBook } from './provider-settings.ts';
import { account } from './dispatch/account.ts';
import { breakers } from './dispatch/breakers.ts';
import { desk } from './dispatch/desk.ts';
import type { GroupCommit, Retrying } from './dispatch/group-commit.ts';
import { holderLease } from './dispatch/holder-lease.ts';
import { outcomeRecorder } from './dispatch/outcome-recorder.ts';
import { truthWatch } from './dispatch/truth-watch.ts';
import { mostAhead } from './domain/most-ahead.ts';
import { statusClass, statusTable } from './domain/status-classes.ts';
import { api } from './http/api-description.ts';
import { parkedItems } from './receipts/parked-items.ts';
import { routes } from './http/routes.ts';
import { sweepArrivals } from './plan/sweep-arrivals.ts';
import { orphanSweeper } from './receipts/orphan-sweeper.ts';
import { type ReceiptBook, receiptBook } from './receipts/receipt-book.ts';
import { type ArrivedReceipt, receiptRecorder } from './receipts/receipt-recorder.ts';
import { type ReceiptTraces, receiptTraces } from './receipts/receipt-traces.ts';
import { takeReceipts } from './receipts/take-receipts.ts';
import { linkMetrics, linkWatch, openProvider, type SmppLink } from './smpp/index.ts';
import { subscriptions } from './subscriptions/index.ts';
import { unknownWords } from './subscriptions/unknown-words.ts';
import { newId } from '@bijli/units';
import { openCatalogue } from './templates/catalogue.ts';
import { keepDays } from './watch/keep-days.ts';
import { sendingComponent } from './watch/sending-component.ts';

/** What the notifier is built from; a component test passes its own. */
export type ServiceInput = {
  readonly config: Config;
  readonly db: Database;
  /** Connections that leases, what is true, and outcomes have for themselves; those of `db` unless told otherwise. */
  readonly ownDb?: Database;
  readonly kafka: KafkaConnection;
  readonly log: Logger;
  readonly onOutcome?: OnOutcome;
};

/** Name of the one provider account, as it stands in the ledger. */
const PROVIDER = 'smpp-1';
/** Parts whose receipts are matched in memory; about 150 octets each. */
const BOOK_CAPACITY = 200_000;
/** A run that nobody woke the desk for (another replica planned it) is found after this long. */
const IDLE_LOOK_MS = 1_000;
const RETRY_MS = { first: 100, most: 5_000 };

/** Wires the notifier: the way of a message, from what is heard to the link and back. */
export function buildService({ config, db, ownDb = db, kafka, log, onOutcome = () => {} }: ServiceInput): {
  components: Component[];
  http: ReturnType<typeof httpComponent>;
} {
  const catalogue = openCatalogue(config.texts);
  const traces = receiptTraces();
  const book = receiptBook(BOOK_CAPACITY);
  const parked = parkedItems(db, log);
  const unknown = unknownWords(log);
  const mode = config.smpp.receipts;
  const recorder = receiptRecorder({
    db: ownDb,
    traces,
    mode,
    ...retrying(log, 'receipts'),
    onParked: parked.onParked,
  });
  const statuses = statusTable(config.smpp.statuses);
  const { ratePartsPerSecond: partsPerSecond } = config.smpp;
  const holderId = newId();

  for (const warning of beyondTheBook(config.smpp)) log.warn(`${warning}: sent as it is`);
  const link = openProvider({
    ...config.smpp,
    log,
    isLater: (status) => statusClass(statuses, status) === 'later',
    onRoom: () => sender.room(),
    onReceipts: takeReceipts({ book, recorder, provider: PROVIDER, mode, blindIndexKey: config.blindIndexKey }),
    onStateChange: () => {
      watch.look();
      sender.wake();
    },
  });
  const watch = linkWatch(link, () => new Date());
  const refusals = breakers((what) => log.error({ breaker: what }, 'the provider refuses these texts, they wait'));
  const sender = desk(
    {
      db,
      link,
      provider: PROVIDER,
      catalogue,
      sealKeys: config.sealKeys,
      statuses,
      lease: holderLease({
        db: ownDb,
        holderId,
        onLost: () => link.destroy('the lease ran out'),
        onError: (err) => log.error({ err }, 'lease not renewed'),
      }),
      truth: truthWatch({ db: ownDb, runs: () => sender.runs(), onChange: () => sender.room() }),
      account: account(ownDb, {
        provider: PROVIDER,
        partsPerSecond,
        onError: (err) => log.warn({ err }, 'the account could not be slowed down'),
      }),
      breakers: refusals,
      outcomes: outcomeRecorder(ownDb, { holderId, ...retrying(log, 'outcomes'), onParked: parked.onParked }),
      onAccepted: book.enter,
      newTimePauseSeconds: config.newTimePauseSeconds,
      log,
    },
    { mostAhead: mostAhead(partsPerSecond), idleMs: IDLE_LOOK_MS },
  );
  const hearing = runSubscriptions({
    service: 'notifier',
    db,
    kafka,
    log,
    subscriptions: subscriptions({ ...config, log, onUnknown: unknown.onUnknown }),
    failpoint,
    onOutcome: (outcome) => {
      onOutcome(outcome);
      sender.wake();
    },
  });
  const database = connectionComponent({
    name: 'database',
    check: () => query(db, 'select from run limit 1'),
    close: async () => {
      await closeDatabase(db);
      if (ownDb !== db) await closeDatabase(ownDb);
    },
  });
  const components = [
    database,
    keepDays({ db, log, keptDays: config.keptDays }),
    orphanSweeper({ db, log, everyMs: config.orphanSweepSeconds * 1_000, mode }),
    sweepArrivals({ db, log, onChunks: () => sender.wake(), everyMs: IDLE_LOOK_MS }),
    parked,
    unknown,
    linkPart(link, { recorder, traces, book }),
    sendingComponent({ db, log, standing: watch.standing, throttled: () => link.counters().throttled }),
    refusals,
    sender,
    hearing,
  ];
  const http = httpComponent({
    name: 'notifier',
    api,
    version: VERSION,
    host: config.host,
    port: config.port,
    log,
    endpoints: routes({ db, catalogue, log, standing: watch.standing, wake: sender.wake }),
    components,
    isTransient: isTransientError,
  });
  return { components: [...components, http], http };
}

const VERSION = '0.1.0';

/** The link as a component of the service: it stops when every receipt that it took is committed. */
function linkPart(
  link: SmppLink,
  { recorder, traces, book }: { recorder: GroupCommit<ArrivedReceipt>; traces: ReceiptTraces; book: ReceiptBook },
): Component {
  return {
    name: 'smpp-link',
    start: () => Promise.resolve(link.start()),
    stop: async () => {
      await link.stop();
      await recorder.settled();
      traces.flush();
    },
    // A provider that is away, or does not let us in, is no reason to take the service out.
    ready: () => ({ ok: true, detail: link.problem() ?? link.state() }),
    metrics: () => [
      ...linkMetrics(link.counters()),
      metric('bijli_notifier_receipt_book_parts', 'Accepted parts whose receipts are matched in memory', book.size()),
    ],
  };
}

/** How a commit that failed is told, and when it is tried again. */
function retrying(log: Logger, what: string): Retrying {
  return {
    onFailure: (error, failuresInARow) =>
      log.warn({ err: error, failuresInARow }, `${what} not committed, will be tried again`),
    retryAfterMs: (failuresInARow) => Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failuresInARow),
  };
}
