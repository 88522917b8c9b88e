import type { Part } from './part.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = { readonly name: string; readonly labels: Labels; readonly value: number };
/** Media type of the Prometheus text format 0.0.4. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Counts requests by method, route pattern and status; never by path. */
export type RequestCounts = {
  count(method: string, route: string, status: number, durationMs: number): void;
  samples(): Sample[];
};

/** This function will open the counters of a service's requests. */
export function requestCounts(): RequestCounts {
  const counts = new Map<string, { labels: Labels; count: number; seconds: number }>();
  return {
    count: (method, route, status, durationMs) => {
      const key = `${method} ${route} ${status}`;
      const entry = counts.get(key) ?? { labels: { method, route, status: String(status) }, count: 0, seconds: 0 };
      entry.count += 1;
      entry.seconds += durationMs / 1_000;
      counts.set(key, entry);
    },
    samples: () => [
      ...[...counts.values()].map(({ labels, count }) => ({ name: 'http_requests_total', labels, value: count })),
      ...[...counts.values()].map(({ labels, seconds }) => ({
        name: 'http_request_duration_seconds_total',
        labels,
        value: seconds,
      })),
    ],
  };
}

/**
 * This function will write the metrics of a service as Prometheus text: the process, its requests, and each part's own as
 * `bijli_<metric>{service,part}`. A part that fails to give its metrics is counted in `bijli_metrics_failed`.
 */
export async function metricsText(service: string, parts: readonly Part[], requests: RequestCounts): Promise<string> {
  const samples = [...processSamples(), ...requests.samples(), ...(await Promise.all(parts.map(partSamples))).flat()];
  const families = Map.groupBy(samples, (sample) => sample.name);
  const lines = [...families].flatMap(([name, members]) => [
    `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}`,
    ...members.map(({ labels, value }) => `${name}{${labelText({ service, ...labels })}} ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
}

async function partSamples(part: Part): Promise<Sample[]> {
  const labels = { part: part.name };
  try {
    const metrics = (await part.metrics?.()) ?? {};
    return Object.entries(metrics).map(([name, value]) => ({
      name: `bijli_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`,
      labels,
      value,
    }));
  } catch {
    return [{ name: 'bijli_metrics_failed', labels, value: 1 }];
  }
}

function processSamples(): Sample[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const values = {
    process_cpu_seconds_total: (user + system) / 1e6,
    process_resident_memory_bytes: rss,
    process_start_time_seconds: Math.round(performance.timeOrigin / 1_000),
    nodejs_heap_used_bytes: heapUsed,
    nodejs_external_memory_bytes: external,
    nodejs_eventloop_active_seconds_total: performance.eventLoopUtilization().active / 1_000,
  };
  return Object.entries(values).map(([name, value]) => ({ name, labels: {}, value }));
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
    )
    .join(',');
}
