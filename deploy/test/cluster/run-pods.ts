import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { freePorts } from '@bijli/start/free-ports';
import { type GuardedProcess, spawnGuarded } from '@bijli/start/guarded-process';
import { ofKind, type Workload, workloads } from '../resources.ts';
import { environmentAt, ofImage, type Place, repository } from './place.ts';

const readyWithinMs = 120_000;

/** One pod of a service, and the address of its HTTP. */
export type RunningPod = {
  readonly name: string;
  readonly service: string;
  readonly address: string;
  readonly process: GuardedProcess;
};

/** Runs the containers of a Job one after the other; answers what each printed. @throws when one fails. */
export function runJob({ pod }: Workload, place: Place): string[] {
  return pod.containers.map((container) => {
    const [program = '', ...args] = container.command ?? [];
    const env = environmentAt(pod, container, place);
    const command = program === 'node' ? process.execPath : program;
    return execFileSync(command, args, { cwd: repository, env, encoding: 'utf8' });
  });
}

/** Starts the pods of every Deployment with the command of the image, and waits until all are ready. */
export async function startPods(place: Place, running: GuardedProcess[]): Promise<RunningPod[]> {
  const planned = workloads(place.resources)
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((workload) =>
      Array.from({ length: workload.replicas }, (_, n) => ({ workload, name: `${workload.name}-${n}` })),
    );
  const ports = await freePorts(planned.length);
  const pods: RunningPod[] = [];
  for (const [position, { workload, name }] of planned.entries()) {
    const port = String(ports[position]);
    const process = await startPod(workload, { name, port }, place);
    running.push(process);
    pods.push({ name, service: workload.name, address: `http://127.0.0.1:${port}`, process });
  }
  await Promise.all(pods.map((pod) => untilReady(pod, place)));
  return pods;
}

function startPod(
  { name: service, pod }: Workload,
  { name, port }: { name: string; port: string },
  place: Place,
): Promise<GuardedProcess> {
  const [container] = pod.containers;
  if (!container) throw new Error(`${service} has no container`);
  const env = { ...environmentAt(pod, container, place), PORT: port };
  return start(name, (container.workingDir ?? ofImage).replace(ofImage, repository), env, place);
}

async function untilReady({ name, address, process }: RunningPod, { folder }: Place): Promise<void> {
  let answer = 'nothing';
  let isOver = false;
  void process.ended.then(() => (isOver = true));
  const said = (): string => readFileSync(join(folder, `${name}.log`), 'utf8').slice(-3_000);
  await until(
    async () => {
      const response = await fetch(`${address}/readyz`);
      answer = await response.text();
      return response.ok;
    },
    {
      deadlineMs: readyWithinMs,
      hopeless: () => (isOver ? 'it ended' : undefined),
      describe: () => `${name} to be ready; it answers ${answer}, its log ends with\n${said()}`,
    },
  );
}

/** Starts what stands in for the carrier, with the account that the notifier is given; answers the address of its HTTP. */
export async function startSimulator(place: Place, running: GuardedProcess[]): Promise<string> {
  const [port] = await freePorts(1);
  const settings = ofKind(place.resources, 'ConfigMap').map(({ data }) => data ?? {});
  const env = {
    PATH: String(process.env['PATH']),
    PORT: String(port),
    SMPP_PORT: place.addresses['SMPP_PORT'] ?? '',
    SMPP_SYSTEM_ID: settings.flatMap((data) => data['SMPP_SYSTEM_ID'] ?? [])[0] ?? '',
    SMPP_PASSWORD: place.contents.get('smpp-account/password') ?? '',
    PDU_LOG: join(place.folder, 'pdus.jsonl'),
  };
  running.push(await start('sms-simulator', join(repository, 'services/sms-simulator'), env, place));
  return `http://127.0.0.1:${port}`;
}

function start(name: string, cwd: string, env: Record<string, string>, { folder }: Place): Promise<GuardedProcess> {
  const [, ...args] = commandOfImage();
  const output = join(folder, `${name}.log`);
  return spawnGuarded({
    command: process.execPath,
    args,
    cwd,
    env,
    stopSignal: 'TERM',
    lastSignal: 'KILL',
    stopWithinSeconds: 27,
    onOutput: (text) => writeFileSync(output, text, { flag: 'a' }),
  });
}

/** The command at the end of the Dockerfile. */
function commandOfImage(): string[] {
  const text = readFileSync(join(repository, 'Dockerfile'), 'utf8').replaceAll('\\\n', '');
  const command = /^CMD (\[.*\])$/m.exec(text)?.[1];
  if (command === undefined) throw new Error('the Dockerfile names no command');
  return JSON.parse(command) as string[];
}
