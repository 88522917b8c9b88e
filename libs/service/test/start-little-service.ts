import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '@bijli/testing';

export type LittleService = {
  readonly child: ChildProcess;
  readonly lines: Record<string, unknown>[];
  /** Messages of the log so far. */
  messages(): unknown[];
  /** Waits for a line with this message. */
  logged(message: string): Promise<Record<string, unknown>>;
  /** Exit code and signal, once it is gone. */
  gone(): Promise<[number | null, NodeJS.Signals | null]>;
};

/** Starts `little-service.ts` as the start command starts a service. */
export function startLittleService(env: Record<string, string>): LittleService {
  const folder = join(__dirname, '..');
  const args = [
    '--conditions=bijli-source',
    '--enable-source-maps',
    '--import',
    join(folder, 'src/telemetry.ts'),
    require.resolve('./little-service.ts'),
  ];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const texts = `${rest}${chunk.toString()}`.split('\n');
    rest = texts.pop() ?? '';
    lines.push(...texts.map((text) => JSON.parse(text) as Record<string, unknown>));
  });
  const messages = () => lines.map((line) => line['message']);
  return {
    child,
    lines,
    messages,
    logged: (message) =>
      until(() => lines.find((line) => line['message'] === message), {
        describe: () => `"${message}" in ${JSON.stringify(messages())}`,
      }),
    gone: () => exit,
  };
}
