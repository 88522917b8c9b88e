import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readSubmit, type SubmittedPart } from '@bijli/e2e/independent/pdus';
import { templateKeys } from '@bijli/e2e/independent/texts';

/** A text as it passed to the SMSC, whole. Instants are milliseconds since 1970. */
export type SentText = {
  readonly mobile: string;
  /** Of the approved text: `unplanned.one.hi`. */
  readonly key: string;
  readonly text: string;
  readonly parts: number;
  /** When its first part passed, and when its last did. */
  readonly at: number;
  readonly lastAt: number;
  /** What the SMSC called its parts; one that it did not take has none. */
  readonly ids: readonly string[];
};

/** Stands between a notifier and its SMSC, and remembers what passed. */
export type TextTap = {
  readonly port: number;
  /** Reads every text that passed so far, in the order of their first parts, and when each part did. */
  texts(): Promise<{ readonly texts: readonly SentText[]; readonly partTimes: readonly number[] }>;
  stop(): Promise<void>;
};

/** Starts a tap before the SMSC at a port, which need not listen yet. */
export async function startTap(port: number, smscPort: number, folder: string): Promise<TextTap> {
  const log = join(folder, `texts-${port}.log`);
  const program = join(import.meta.dirname, 'tap.ts');
  const child = spawn(process.execPath, ['--conditions=bijli-source', program, String(port), String(smscPort), log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const [first] = (await Promise.race([once(child.stdout, 'data'), exit])) as unknown[];
  if (!String(first).startsWith('ready')) throw new Error(`the tap did not start on port ${port}`);
  return {
    port,
    texts: async () => readTexts(createInterface({ input: createReadStream(log, 'latin1') })),
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

type Joining = { readonly parts: (SubmittedPart & { readonly at: number; readonly place: string })[] };

/** Joins the parts of each text by mobile and reference. Throws when a text lacks parts. */
async function readTexts(lines: AsyncIterable<string>): Promise<Awaited<ReturnType<TextTap['texts']>>> {
  const whole: Joining[] = [];
  const open = new Map<string, Joining>();
  const ids = new Map<string, string>();
  const partTimes: number[] = [];
  for await (const line of lines) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'R') {
      const [place = '', status, id = ''] = words;
      if (status === '0') ids.set(place, id);
      continue;
    }
    const [at, place = '', pdu = ''] = words;
    const part = readSubmit(Buffer.from(pdu, 'hex'));
    if (part === null) continue;
    partTimes.push(Number(at));
    const key = `${part.mobile}/${part.reference}/${part.parts}`;
    const text = open.get(key) ?? { parts: [] };
    text.parts.push({ ...part, at: Number(at), place });
    if (text.parts.length === 1) whole.push(text);
    if (text.parts.length < part.parts) open.set(key, text);
    else open.delete(key);
  }
  if (open.size > 0) throw new Error(`${open.size} texts lack parts`);
  return { texts: whole.map((text) => joined(text, ids)), partTimes };
}

const keyOf = templateKeys();

function joined({ parts }: Joining, ids: ReadonlyMap<string, string>): SentText {
  const [first] = parts;
  if (first === undefined) throw new Error('a text has a part at least');
  const inOrder = parts.toSorted((one, other) => one.partNo - other.partNo);
  return {
    mobile: first.mobile,
    key: keyOf.get(first.templateId) ?? first.templateId,
    text: inOrder.map(({ text }) => text).join(''),
    parts: parts.length,
    at: first.at,
    lastAt: parts.at(-1)?.at ?? first.at,
    ids: parts.flatMap(({ place }) => ids.get(place) ?? []),
  };
}
