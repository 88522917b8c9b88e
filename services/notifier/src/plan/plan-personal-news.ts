import { type Heard, NotYetError } from '@bijli/outbox';
import { afterCommit, type Transaction } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import { withSpan } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { type Context, type Link, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { PersonalNews } from '../domain/personal-message.ts';
import { countUnknownConnections } from '../store/audience/count-unknown-connections.ts';
import { activeTraceparent } from '@bijli/tracing';
import { storePersonalRuns } from './store-personal-runs.ts';

/** What planning needs. */
export type PlanPersonalInput = {
  readonly log: Logger;
  readonly now?: () => Date;
};

/**
 * Plans the texts that events ask for, in the inbox's transaction: those that nobody traced together in
 * one run, a traced one in its own trace. An event about a connection that the registry has not told of yet waits for it.
 * @throws NotYetError
 */
export async function planPersonalNews<E>(
  tx: Transaction,
  heard: readonly Heard<E>[],
  newsOf: (event: E, now: Date) => PersonalNews,
  { log, now: clock = () => new Date() }: PlanPersonalInput,
): Promise<void> {
  const now = clock();
  const told = heard.map((each) => ({ ...each, news: newsOf(each.event, now) }));
  if (told.length === 0) return;
  await refuseUnknown(
    tx,
    told.map(({ news }) => news),
  );
  for (const together of tracesOf(told)) {
    await withSpan('plan run', originOf(together), async (span) => {
      const news = together.map((each) => each.news);
      const runs = await storePersonalRuns(tx, news, { nextRunId: newId, traceparent: activeTraceparent(), now });
      span.setAttributes({ 'bijli.run': runs.map(({ runId }) => runId), 'bijli.messages': news.length });
      afterCommit(tx, () => {
        for (const run of runs) {
          if (run.isHeld) log.error(run, 'run held: heard too late, an operator must release it');
          else log.info(run, 'run planned');
        }
      });
    });
  }
}

/** So many traced events of one batch have a run each, so that a trace leads to its text; more are a mass, and share one. */
const MOST_RUNS_OF_TRACES = 50;

function tracesOf<T extends Pick<Heard<unknown>, 'traceparent'>>(told: readonly T[]): T[][] {
  const traced = told.filter(({ traceparent }) => traceparent !== undefined);
  if (traced.length > MOST_RUNS_OF_TRACES) return [[...told]];
  const untraced = told.filter(({ traceparent }) => traceparent === undefined);
  return [...(untraced.length > 0 ? [untraced] : []), ...traced.map((each) => [each])];
}

async function refuseUnknown(tx: Transaction, news: readonly PersonalNews[]): Promise<void> {
  const ids = [...new Set(news.map(({ connectionId }) => connectionId))];
  if ((await countUnknownConnections(tx, ids)) > 0)
    throw new NotYetError('the registry has not told of this connection yet');
}

/** Links of a span, at most; OpenTelemetry keeps 128. */
const MOST_LINKS = 128;

/** One event alone continues its trace; of many each that has one is linked, and their plan has a trace of its own. */
function originOf(heard: readonly Pick<Heard<unknown>, 'context'>[]): { parent: Context; links?: Link[] } {
  const [only] = heard;
  if (heard.length === 1 && only !== undefined) return { parent: only.context };
  const links = heard.flatMap(({ context }) => {
    const spanContext = trace.getSpanContext(context);
    return spanContext === undefined ? [] : [{ context: spanContext }];
  });
  return { parent: ROOT_CONTEXT, links: links.slice(0, MOST_LINKS) };
}
