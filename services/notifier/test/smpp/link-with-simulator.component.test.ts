import { afterEach, describe, expect, test } from '@jest/globals';
import { segment } from '@bijli/smpp';
import { until } from '@bijli/testing';
import type { OutgoingMessage } from '../../src/smpp/messages.ts';
import { type SimulatorProcess, startSimulatorProcess } from './simulator-process.ts';
import { send, type TestLink, testLink } from './test-link.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const texts = {
  hindi: 'खाता 7890: बिजली बंद, 20:30 तक आएगी। कारण लाइन खराबी। 1912 UPPCL',
  long: 'खाता 7890: 30-01 10:00 से 31-01 14:00 तक बिजली बंद रहेगी। कारण ट्रांसफार्मर मरम्मत और लाइन बदलना। 1912 UPPCL '.padEnd(
    180,
    'क',
  ),
  english: 'A/c 4471: Power off since 18:52 {line fault}. Call 1912. UPPCL',
};
const kinds = Object.values(texts);
const messageAt = (ref: number): OutgoingMessage => ({
  ref,
  destination: `91${9_800_000_000 + ref}`,
  templateId: '1107000000000000001',
  validUntil: new Date('2026-01-30T14:00:00Z'),
  ...segment(kinds[ref % kinds.length] ?? ''),
});
const messages = (count: number): OutgoingMessage[] => Array.from({ length: count }, (_, ref) => messageAt(ref));

async function together(
  behaviour: Record<string, unknown> = {},
  options: Parameters<typeof testLink>[1] = {},
): Promise<{ simulator: SimulatorProcess; tested: TestLink }> {
  const simulator = await startSimulatorProcess(behaviour);
  closing.push(simulator.stop);
  const tested = testLink(simulator.port, { window: 50, timing: { responseTimeoutMs: 1_500 }, ...options });
  closing.push(() => tested.link.stop());
  await isBound(tested);
  return { simulator, tested };
}

const isBound = ({ link }: TestLink) => until(() => link.state() === 'bound', { describe: 'the link to be bound' });

/** Sends parts until each has an end, as the dispatcher does. @returns what each part ended as. */
async function sendToTheEnd({ link }: TestLink, slice: readonly OutgoingMessage[]): Promise<Map<string, string>> {
  const ends = new Map<string, string>();
  let rest = slice;
  while (rest.length > 0) {
    await until(() => link.state() === 'bound', { describe: 'the link to be bound' });
    const sent = send(link, rest);
    await sent.finished;
    const again = new Map<number, number[]>();
    for (const { ref, partNo, kind } of sent.outcomes) {
      if (kind === 'throttled' || kind === 'not-written') again.set(ref, [...(again.get(ref) ?? []), partNo]);
      else ends.set(`${ref}/${partNo}`, kind);
    }
    rest = rest.flatMap((message) =>
      again.has(message.ref) ? [{ ...message, partsToSend: again.get(message.ref) ?? [] }] : [],
    );
  }
  return ends;
}

/** Octets of a C-Octet String and where the next field begins; written apart from the library on purpose. */
function cString(pdu: Buffer, at: number): [string, number] {
  const end = pdu.indexOf(0, at);
  return [pdu.toString('latin1', at, end), end + 1];
}

/** What a handset would show, decoded from the log without the library. */
function shownBy(pdus: Awaited<ReturnType<SimulatorProcess['pdus']>>): Map<string, string> {
  const parts = new Map<string, string[]>();
  for (const { direction, command, pdu } of pdus) {
    if (direction !== 'in' || command !== 'submit_sm') continue;
    const [, afterService] = cString(pdu, 16);
    const [, afterSource] = cString(pdu, afterService + 2);
    const [destination, afterDestination] = cString(pdu, afterSource + 2);
    const esmClass = pdu[afterDestination] ?? 0;
    const [, afterSchedule] = cString(pdu, afterDestination + 3);
    const [, afterValidity] = cString(pdu, afterSchedule);
    const dataCoding = pdu[afterValidity + 2];
    const length = pdu[afterValidity + 4] ?? 0;
    const userData = pdu.subarray(afterValidity + 5, afterValidity + 5 + length);
    const header = esmClass & 0x40 ? (userData[0] ?? 0) + 1 : 0;
    const number = header > 0 ? (userData[5] ?? 1) : 1;
    const octets = userData.subarray(header);
    const text =
      dataCoding === 8
        ? Buffer.from(octets).swap16().toString('utf16le')
        : octets.toString('latin1').replaceAll('\x1b(', '{').replaceAll('\x1b)', '}');
    const shown = parts.get(destination) ?? [];
    shown[number - 1] = (shown[number - 1] ?? '') + text;
    parts.set(destination, shown);
  }
  return new Map([...parts].map(([destination, shown]) => [destination, shown.join('')]));
}

describe('SMPP link and simulator', () => {
  test('bring every text to its handset once, and every receipt back', async () => {
    const { simulator, tested } = await together();
    const slice = send(tested.link, messages(1_500));
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 1_500 + 1_000 });
    await until(() => tested.receipts.length === 2_500, {
      describe: () => `2,500 receipts, last seen ${tested.receipts.length}`,
    });
    const accepted = slice.outcomes.flatMap((outcome) =>
      outcome.kind === 'accepted' ? [outcome.providerMessageId] : [],
    );
    expect(new Set(tested.receipts.map(({ messageId }) => messageId))).toEqual(new Set(accepted));
    const expected = new Map(messages(1_500).map(({ ref, destination }) => [destination, kinds[ref % kinds.length]]));
    expect(shownBy(await simulator.pdus())).toEqual(expected);
  });

  test('bring every text once through throttling and cuts; what is in doubt is named and not sent again', async () => {
    const { simulator, tested } = await together({
      throttleAbovePerSecond: 2_000,
      disconnectEverySubmits: 397,
      answerDelayMs: 10,
    });
    const ends = await sendToTheEnd(tested, messages(900));

    const counts = Map.groupBy(ends.values(), (kind) => kind);
    expect(ends.size).toBe(1_500);
    expect(counts.get('in-doubt')?.length).toBeGreaterThan(0);
    expect((counts.get('accepted')?.length ?? 0) + (counts.get('in-doubt')?.length ?? 0)).toBe(1_500);

    const answered = new Map(
      (await simulator.pdus())
        .filter(({ command }) => command === 'submit_sm_resp')
        .map(({ session, sequence, pdu }) => [`${session}/${sequence}`, pdu.readUInt32BE(8)]),
    );
    const arrivals = (await simulator.pdus()).filter(
      ({ direction, command }) => direction === 'in' && command === 'submit_sm',
    );
    const attempts = arrivals.filter(({ session, sequence }) => answered.get(`${session}/${sequence}`) !== 0x58);
    expect(attempts.length).toBeLessThanOrEqual(1_500);
    expect(new Set(arrivals.map(({ session, sequence }) => `${session}/${sequence}`)).size).toBe(arrivals.length);
    expect(tested.counter('reconnects')).toBeGreaterThan(1);
    expect(tested.logged.join('')).not.toMatch(/9198000|खाता/);
  });

  test('lose no receipt, whether early, late, twice or on another connection', async () => {
    const { tested } = await together({
      earlyReceiptRate: 0.3,
      lateReceiptRate: 0.2,
      lateReceiptMs: 200,
      repeatedReceiptRate: 0.2,
      otherBindReceiptRate: 0.5,
      weakerReceiptRate: 0.2,
      messageIdInReceipt: 'hex',
    });
    const slice = send(tested.link, messages(300));
    await slice.finished;

    const accepted = slice.outcomes.flatMap((outcome) =>
      outcome.kind === 'accepted' ? [BigInt(outcome.providerMessageId)] : [],
    );
    expect(accepted).toHaveLength(500);
    const ended = () =>
      new Set(
        tested.receipts.filter(({ state }) => state === 'DELIVRD').map(({ messageId }) => BigInt(`0x${messageId}`)),
      );
    await until(() => ended().size === 500, { describe: () => `500 receipts, last seen ${ended().size}` });
    expect(ended()).toEqual(new Set(accepted));
  });

  test('outlive a killed SMSC: what it had accepted stands in its log', async () => {
    const { simulator, tested } = await together({ answerDelayMs: 20 });
    const slice = send(tested.link, messages(2_000));
    await until(() => slice.outcomes.length > 300, { describe: 'the slice to be under way' });
    await simulator.kill();
    await slice.finished;
    await simulator.restart();
    await isBound(tested);

    const { accepted = 0, 'in-doubt': inDoubt = 0, 'not-written': notWritten = 0 } = slice.kinds();
    expect(accepted + inDoubt + notWritten).toBe(messages(2_000).flatMap(({ parts }) => parts).length);
    expect([accepted > 300, inDoubt > 0, inDoubt <= 50, notWritten > 0]).toEqual([true, true, true, true]);
    const logged = (await simulator.pdus())
      .filter(({ command }) => command === 'submit_sm_resp')
      .map(({ pdu }) => cString(pdu, 16)[0]);
    for (const outcome of slice.outcomes)
      if (outcome.kind === 'accepted') expect(logged).toContain(outcome.providerMessageId);
    await expect(send(tested.link, messages(10)).finished).resolves.toBeUndefined();
  });
});
