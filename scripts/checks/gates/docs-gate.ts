import { posix } from 'node:path';
import type { Finding, SourceFile } from './gate.ts';

type Repository = {
  readonly paths: ReadonlySet<string>;
  readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly scripts: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, string>;
};

const topFolders = /^(docs|schemas|libs|services|bench|e2e|deploy|scripts|\.ci)\//;
const pattern = /[<>*{}…]/;
const npmOwn = ['start', 'test'];

/** What Markdown says must be there: the targets of links, the paths in `code`, names in their files, the commands `npm run …`. */
export function docsGate(files: readonly SourceFile[], paths: readonly string[]): Finding[] {
  const repository = describe(files, paths);
  return files.filter(({ path }) => path.endsWith('.md')).flatMap((file) => checkFile(file, repository));
}

function checkFile({ path, text }: SourceFile, repository: Repository): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const problems = [
      ...brokenLinks(path, line, repository),
      ...missingPaths(line, repository),
      ...missingNames(line, repository),
      ...unknownCommands(line, repository),
    ];
    return problems.map((what) => ({ path, line: index + 1, what }));
  });
}

function brokenLinks(from: string, line: string, { paths, anchors }: Repository): string[] {
  const targets = [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.flatMap((target) => {
    if (/^[a-z]+:/.test(target)) return []; // somebody else's page
    const [file = '', anchor] = target.split('#');
    const at = file ? posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, '') : from;
    if (!paths.has(at)) return [`the link leads to ${at}, which is not there`];
    return anchor && !anchors.get(at)?.has(anchor) ? [`${at} has no heading #${anchor}`] : [];
  });
}

function missingPaths(line: string, { paths }: Repository): string[] {
  const named = [...line.matchAll(/`([^`\s]+)`/g)].map(([, code = '']) => code.replace(/\/$/, ''));
  return named
    .filter((code) => topFolders.test(code) && !pattern.test(code) && !paths.has(code))
    .map((code) => `${code} is not there`);
}

/** "`planRun` in `services/…/plan-run.ts`": the file has the name. */
function missingNames(line: string, { texts }: Repository): string[] {
  return [...line.matchAll(/`([A-Za-z]\w*)` in `([^`\s]+\.\w+)`/g)].flatMap(([, name = '', path = '']) => {
    const text = texts.get(path);
    return text === undefined || new RegExp(`\\b${name}\\b`).test(text) ? [] : [`${path} has no ${name}`];
  });
}

function unknownCommands(line: string, { scripts }: Repository): string[] {
  const named = [...line.matchAll(/\bnpm (?:run )?([a-z][a-z-]*)/g)].map(([command, script = '']) => ({
    command,
    script,
  }));
  return named
    .filter(({ command, script }) => (command.startsWith('npm run') || npmOwn.includes(script)) && !scripts.has(script))
    .map(({ command }) => `package.json has no script for "${command}"`);
}

function describe(files: readonly SourceFile[], paths: readonly string[]): Repository {
  const manifest = files.find(({ path }) => path === 'package.json');
  const { scripts = {} } = JSON.parse(manifest?.text ?? '{}') as { scripts?: Record<string, string> };
  const markdown = files.filter(({ path }) => path.endsWith('.md'));
  return {
    paths: new Set(paths.flatMap((path) => [path, ...folders(path)])),
    scripts: new Set(Object.keys(scripts)),
    texts: new Map(files.map(({ path, text }) => [path, text])),
    anchors: new Map(markdown.map(({ path, text }) => [path, new Set(headings(text))])),
  };
}

function folders(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** As code forges make anchors of headings: lower case, spaces to dashes, other signs away. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ +(.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
