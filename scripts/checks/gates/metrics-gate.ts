import type { Finding, SourceFile } from './gate.ts';

const PAGE = 'docs/metrics.md';
/** What was true when it was written. */
const HISTORY = 'CHANGELOG.md';
/** Names of metrics as they stand in prose: with the prefix of ours, of a process, or with the ending of a counter. */
const MENTIONED = /\b(?:(?:bijli|nodejs|process)_[a-z0-9_]+|http_request[a-z0-9_]*|[a-z0-9_]+_total)\b/g;
/** Of a histogram. */
const SERIES = /_(bucket|sum|count)$/;

/** Every metric that a document names is one that the services give, as docs/metrics.md lists them. */
export function metricsGate(files: readonly SourceFile[]): Finding[] {
  const page = files.find(({ path }) => path === PAGE)?.text ?? '';
  const known = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name));
  return files
    .filter(({ path }) => path.endsWith('.md') && path !== PAGE && path !== HISTORY)
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          [...line.matchAll(MENTIONED)]
            .filter(([name]) => !known.has(name) && !known.has(name.replace(SERIES, '')))
            .map(([name]) => ({ path, line: index + 1, what: `${name} is no metric of ${PAGE}` })),
        ),
    );
}
