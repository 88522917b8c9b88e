import { ProxyTracerProvider, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Component } from '@bijli/loop';

/** Longest orderly stop before the process gives up and exits 1; below the 30 s that a cluster waits before SIGKILL. */
const STOP_TIMEOUT_MS = 25_000;
/** After an error that nobody caught one part that does not stop is left behind after this long: the others still finish what they have in hand. */
const LEFT_BEHIND_MS = 6_000;
/** Longest wait for the last spans to leave. */
const FLUSH_TIMEOUT_MS = 2_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What `runService` runs. `components` are started in this order and stopped in the reverse, so HTTP stands last and the pool first. */
export type ServiceDefinition = {
  readonly name: string;
  readonly log: Logger;
  readonly components: readonly Component[];
  readonly stopTimeoutMs?: number;
};

/**
 * Runs a service until SIGTERM or SIGINT, then stops its components in reverse order and exits 0. It exits 1 when
 * a component does not start (the started ones are stopped), when stopping fails or takes too long, at a second signal, and
 * at an error that nobody caught: what was handed over is finished first, so that the next process need not take it for doubtful. It never
 * returns.
 */
export async function runService(service: ServiceDefinition): Promise<never> {
  const { name, log, components, stopTimeoutMs = STOP_TIMEOUT_MS } = service;
  const asked = stopAsked(log);

  const started: Component[] = [];
  const began = performance.now();
  const up = await startComponents(components, started, asked, log);
  if (up) log.info({ parts: components.length, durationMs: Math.round(performance.now() - began) }, 'service is up');
  if (up) await asked.promise;

  const mostEachMs = asked.isBroken() ? LEFT_BEHIND_MS : stopTimeoutMs;
  const stopped = await within(stopTimeoutMs, stopComponents(started, log, mostEachMs));
  if (stopped === 'too late') log.error({ stopTimeoutMs }, 'service did not stop in time');
  else log.info({ name }, 'service stopped');
  await within(FLUSH_TIMEOUT_MS, flushSpans());
  process.exit((up || asked.isAsked()) && stopped === true && !asked.isBroken() ? 0 : 1);
}

type StopAsked = { readonly promise: Promise<void>; isAsked(): boolean; isBroken(): boolean };

function stopAsked(log: Logger): StopAsked {
  const { promise, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) {
      log.error({ signal }, 'second signal: exit without finishing');
      process.exit(1);
    }
    log.info({ signal }, 'service stops');
    resolve();
  };
  let errors = 0;
  process.on('uncaughtException', (err, origin) => {
    errors += 1;
    if (errors <= MOST_ERRORS_TOLD) log.fatal({ err, origin }, 'nobody caught this error');
    resolve();
  });
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { promise, isAsked: () => signals + errors > 0, isBroken: () => errors > 0 };
}

/** What is broken may fail again and again until the process ends. */
const MOST_ERRORS_TOLD = 10;

/**
 * Starts components one after the other, puts each into `started` before it starts (a half-started one is
 * stopped too), and tells whether all are up. A stop that is asked for meanwhile ends it after the current one.
 */
async function startComponents(
  components: readonly Component[],
  started: Component[],
  asked: StopAsked,
  log: Logger,
): Promise<boolean> {
  for (const component of components) {
    if (asked.isAsked()) return false;
    started.push(component);
    try {
      // A component that hangs in its start must not hold the service against a stop.
      await Promise.race([component.start(), asked.promise]);
    } catch (err) {
      log.fatal({ err, part: component.name }, 'a part did not start');
      return false;
    }
  }
  return !asked.isAsked();
}

/** Stops components in reverse order, each even if another failed or takes too long, and tells whether all stopped well. */
async function stopComponents(started: readonly Component[], log: Logger, mostEachMs: number): Promise<boolean> {
  let well = true;
  for (const component of started.toReversed()) {
    try {
      if ((await within(mostEachMs, component.stop())) !== 'too late') continue;
      log.error({ part: component.name, mostEachMs }, 'a part did not stop in time and is left behind');
      well = false;
    } catch (err) {
      log.error({ err, part: component.name }, 'a part did not stop well');
      well = false;
    }
  }
  return well;
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | 'too late'> {
  const { promise, resolve } = Promise.withResolvers<'too late'>();
  const timer = setTimeout(resolve, timeoutMs, 'too late');
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The provider is set by `@bijli/service/telemetry`, or by nobody. */
async function flushSpans(): Promise<void> {
  const provider = trace.getTracerProvider();
  const delegate = (provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider) as {
    shutdown?: () => Promise<void>;
  };
  await delegate.shutdown?.().catch(() => {});
}
