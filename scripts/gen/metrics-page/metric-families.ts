/** A metric as /metrics describes it. */
export type MetricFamily = {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  /** What tells its values apart, besides the service and its part. */
  readonly labels: readonly string[];
};

/** Of every metric, and of the classes of a histogram. */
const EVERYWHERE = new Set(['service', 'part', 'le']);

/** Reads the metrics that a text of the Prometheus format describes. */
export function metricFamilies(text: string): MetricFamily[] {
  const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]));
  return [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', help = '']) => ({
    name,
    kind: kinds.get(name) ?? 'untyped',
    help,
    labels: labelsOf(text, name),
  }));
}

function labelsOf(text: string, name: string): string[] {
  const samples = text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, 'gm'));
  const names = [...samples].flatMap(([, labels = '']) =>
    [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
  );
  return [...new Set(names)].filter((label) => !EVERYWHERE.has(label)).sort();
}
