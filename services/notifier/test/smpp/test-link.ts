import { openLog } from '@bijli/service';
import { segment } from '@bijli/smpp';
import { linkMetrics } from '../../src/smpp/link-counters.ts';
import type { OutgoingMessage, SubmitOutcome } from '../../src/smpp/messages.ts';
import { openSmppLink } from '../../src/smpp/open-smpp-link.ts';
import type { DeliveryReceipt, LinkTiming, SmppLink, SmppLinkOptions } from '../../src/smpp/smpp-link.ts';

/** Short limits, so that a test of a time-out ends soon; none is waited for in full. */
export const quickly: LinkTiming = {
  bindTimeoutMs: 5_000,
  enquireLinkMs: 10_000,
  responseTimeoutMs: 5_000,
  reconnectFirstMs: 20,
  reconnectMostMs: 50,
  throttleFirstMs: 20,
  throttleMostMs: 40,
  drainMs: 2_000,
  unbindMs: 200,
};

/** A link under test, with all that it said. */
export type TestLink = {
  readonly link: SmppLink;
  readonly receipts: DeliveryReceipt[];
  readonly logged: string[];
  /** Value of a counter, of one label where it is named. */
  counter(name: string, label?: string): number;
};

/** Starts a link to a port of the loopback address. */
export function testLink(port: number, { timing, ...options }: Partial<SmppLinkOptions> = {}): TestLink {
  const receipts: DeliveryReceipt[] = [];
  const logged: string[] = [];
  const link = openSmppLink({
    host: '127.0.0.1',
    port,
    systemId: 'bijli',
    password: 'secret',
    window: 10,
    header: 'UPPCLP',
    entityId: '1101000000000000001',
    log: openLog('test', 'debug', { write: (line) => logged.push(line) }),
    onReceipts: (batch) => {
      receipts.push(...batch);
      return Promise.resolve();
    },
    ...options,
    timing: { ...quickly, ...timing },
  });
  link.start();
  return { link, receipts, logged, counter: (name, label) => counterOf(link, name, label) };
}

/** Reads a counter of a link as /metrics shows it. */
function counterOf(link: SmppLink, name: string, label?: string): number {
  const samples = linkMetrics(link.counters()).find((each) => each.name === `bijli_smpp_${name}_total`)?.samples ?? [];
  return samples
    .filter(({ labels = {} }) => label === undefined || Object.values(labels).includes(label))
    .reduce((sum, { value }) => sum + value, 0);
}

/** A text of the wanted number of parts. */
const textOf = (parts: number): string => 'क'.repeat(parts === 1 ? 20 : 67 * parts);

/** Makes messages of one template, numbered from 0. */
export function messages(count: number, parts = 1): OutgoingMessage[] {
  const text = segment(textOf(parts));
  return Array.from({ length: count }, (_, ref) => ({
    ref,
    destination: `91${9_876_500_000 + ref}`,
    templateId: '1107000000000000001',
    ...text,
  }));
}

/** A slice that was handed to a link, with what came back so far. */
export type SentSlice = {
  readonly outcomes: SubmitOutcome[];
  /** Answers that came after their time. */
  readonly late: SubmitOutcome[];
  readonly batches: number[];
  readonly finished: Promise<void>;
  kinds(): Record<string, number>;
};

/** Hands a slice to a link. */
export function send(
  link: SmppLink,
  slice: readonly OutgoingMessage[],
  mayWrite: () => boolean = () => true,
): SentSlice {
  const outcomes: SubmitOutcome[] = [];
  const late: SubmitOutcome[] = [];
  const batches: number[] = [];
  const onOutcomes = (batch: readonly SubmitOutcome[]): void => {
    batches.push(batch.length);
    outcomes.push(...batch);
  };
  const onLate = (outcome: SubmitOutcome): void => void late.push(outcome);
  const kinds = (): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(outcomes, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length]));
  return { outcomes, late, batches, kinds, finished: link.submitSlice(slice, { mayWrite, onOutcomes, onLate }) };
}
