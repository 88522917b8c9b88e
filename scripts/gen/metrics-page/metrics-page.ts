import type { MetricFamily } from './metric-families.ts';

const HEAD = `# Metrics

What each service counts at \`/metrics\`, in the text format of Prometheus. Every value has the label \`service\`, and \`part\` where a part of
the service gives it. A counter begins anew when its process does. No label holds an id or anything personal.

<!-- written by WRITE_METRICS=1 npm test, compared by it with what the running services answer -->

| metric | kind | labels | what it counts | where |
| --- | --- | --- | --- | --- |
`;

/** Writes the page of all metrics, by name; `given` are those of each service. */
export function metricsPage(given: ReadonlyMap<string, readonly MetricFamily[]>): string {
  const all = [...given].flatMap(([service, families]) => families.map((family) => ({ service, family })));
  const byName = [...Map.groupBy(all, ({ family }) => family.name)].sort(([one], [other]) => (one < other ? -1 : 1));
  return HEAD + byName.map(([name, members]) => rowOf(name, members, given.size)).join('');
}

function rowOf(name: string, members: readonly { service: string; family: MetricFamily }[], services: number): string {
  const { kind, help } = members[0]?.family ?? { kind: '', help: '' };
  const labels = [...new Set(members.flatMap(({ family }) => family.labels))].map((label) => `\`${label}\``);
  const where = members.length === services ? 'every service' : members.map(({ service }) => service).join(', ');
  return `| \`${name}\` | ${kind} | ${labels.join(', ')} | ${help} | ${where} |\n`;
}
