import type { Finding, SourceFile } from './gate.ts';

const composePath = 'docker-compose.yml';
const dockerfilePath = 'Dockerfile';
const ownImage = 'bijli-alert:local';
/** A part of `npm start` alone: in containers Jaeger takes its place. */
const notInContainers = ['trace-sink'];
/** At least two numbers, as in 18.4, or a digest: what it names today it names tomorrow. */
const pinned = /:\d+\.\d+[\w.-]*$|@sha256:[0-9a-f]{64}$/;

/** Every service, but the trace sink, runs in docker-compose.yml, on images that stay what they are, and listens to this machine only. */
export function composeGate(files: readonly SourceFile[], paths: readonly string[]): Finding[] {
  const textOf = (path: string): string => files.find((file) => file.path === path)?.text ?? '';
  const compose = textOf(composePath);
  return [
    ...missingServices(compose, paths),
    ...findIn(composePath, compose, /^\s*image:\s*(\S+)/, floating),
    ...findIn(composePath, compose, /^\s*ports:(.*)/, openToAll),
    ...findIn(dockerfilePath, textOf(dockerfilePath), /^ARG NODE_IMAGE=(\S+)/, otherNodeThan(textOf('package.json'))),
  ];
}

function missingServices(compose: string, paths: readonly string[]): Finding[] {
  const services = new Set(paths.flatMap((path) => /^services\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []));
  return [...services]
    .filter(
      (service) =>
        !notInContainers.includes(service) &&
        !new RegExp(`^ {2}${service}:\\n(?: {4}.*\\n)*? {4}working_dir: /app/services/${service}$`, 'm').test(compose),
    )
    .map((service) => ({ path: composePath, line: 1, what: `services/${service} has no entry that runs it` }));
}

/** Looks at what a pattern finds first in each line. @param judge says what is wrong with it, or undefined. */
function findIn(path: string, text: string, pattern: RegExp, judge: (found: string) => string | undefined): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const found = pattern.exec(line)?.[1];
    const what = found === undefined ? undefined : judge(found);
    return what === undefined ? [] : [{ path, line: index + 1, what }];
  });
}

const floating = (image: string): string | undefined =>
  image === ownImage || pinned.test(image) ? undefined : `${image} may be another image tomorrow: name its version`;

/** Ports stand in one line, as text in quotes: `["127.0.0.1:1:1", …]`. */
function openToAll(list: string): string | undefined {
  const ports = [...list.matchAll(/["']([^"']+)["']/g)].map(([, port = '']) => port);
  const open = ports.length > 0 ? ports.filter((port) => !port.startsWith('127.0.0.1:')) : ['what is not in this line'];
  return open.length > 0 ? `published to everybody who reaches this machine: ${open.join(', ')}` : undefined;
}

/** Containers run the Node that `npm start` fetches. */
function otherNodeThan(manifest: string): (image: string) => string | undefined {
  const { config } = JSON.parse(manifest || '{}') as { config?: { node?: string } };
  return (image) => (image.startsWith(`node:${config?.node}-`) ? undefined : `package.json names Node ${config?.node}`);
}
