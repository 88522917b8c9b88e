import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metric, Sample } from '@bijli/loop';
import type { Component } from '@bijli/loop';

/** Media type of the Prometheus text format 0.0.4. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Limits of the classes of durations, in seconds: from what is answered out of memory to a large upload. */
const DURATION_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** Counts requests and their durations by method, route pattern and status; never by path. */
export type RequestCounts = {
  count(method: string, route: string, status: number, durationMs: number): void;
  /** Gives what was counted as Prometheus text, each line with the name of the service. */
  text(service: string): Promise<string>;
};

/** Opens the counters of a service's requests. */
export function requestCounts(): RequestCounts {
  const registry = new Registry();
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time until a request was answered',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  return {
    count: (method, route, status, durationMs) => durations.observe({ method, route, status }, durationMs / 1_000),
    text: (service) => {
      registry.setDefaultLabels({ service });
      return registry.metrics();
    },
  };
}

/** A metric with the samples of all components that give it. */
type Family = { readonly name: string; readonly help: string; readonly samples: readonly Sample[] };

/**
 * Writes the metrics of a service as Prometheus text: the process, its requests, and what each component gives, with its name as a label.
 * A component that fails to give its metrics is counted in `bijli_metrics_failed`.
 */
export async function metricsText(
  service: string,
  components: readonly Component[],
  requests: RequestCounts,
): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  for (const family of [...processMetrics(), ...(await componentMetrics(components))]) register(registry, family);
  return `${await registry.metrics()}\n${await requests.text(service)}`;
}

/** Gathers the metrics of components by name, in the order of the components. */
export async function componentMetrics(components: readonly Component[]): Promise<Family[]> {
  const given = (await Promise.all(components.map(metricsOf))).flat();
  return [...Map.groupBy(given, ({ name }) => name)].map(([name, members]) => ({
    name,
    help: members[0]?.help ?? '',
    samples: members.flatMap(({ samples }) => samples),
  }));
}

const FAILED = { name: 'bijli_metrics_failed', help: '1 for a part that could not give its metrics' } as const;

async function metricsOf(component: Component): Promise<Metric[]> {
  const labelled = ({ labels, value }: Sample): Sample => ({ labels: { part: component.name, ...labels }, value });
  try {
    const given = (await component.metrics?.()) ?? [];
    return [
      ...given.map((metric) => ({ ...metric, samples: metric.samples.map(labelled) })),
      { ...FAILED, samples: [] },
    ];
  } catch {
    return [{ ...FAILED, samples: [labelled({ value: 1 })] }];
  }
}

function register(registry: Registry, { name, help, samples }: Family): void {
  const labelNames = [...new Set(samples.flatMap(({ labels = {} }) => Object.keys(labels)))];
  const options = { name, help, labelNames, registers: [registry] };
  if (name.endsWith('_total')) {
    const counter = new Counter(options);
    for (const { labels = {}, value } of samples) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(options);
    for (const { labels = {}, value } of samples) gauge.set(labels, value);
  }
}

function processMetrics(): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const values: readonly (readonly [string, string, number])[] = [
    ['process_cpu_seconds_total', 'CPU time of the process', (user + system) / 1e6],
    ['process_resident_memory_bytes', 'Memory of the process that is in RAM', rss],
    ['process_start_time_seconds', 'When the process began, Unix time', Math.round(performance.timeOrigin / 1_000)],
    ['nodejs_heap_used_bytes', 'Memory of JavaScript objects', heapUsed],
    ['nodejs_external_memory_bytes', 'Memory of buffers outside the heap', external],
    [
      'nodejs_eventloop_active_seconds_total',
      'Time in which the event loop was at work',
      performance.eventLoopUtilization().active / 1_000,
    ],
  ];
  return values.map(([name, help, value]) => ({ name, help, samples: [{ value }] }));
}
