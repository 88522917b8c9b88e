import { openProvider, type DeliveryReceipt, type OutgoingMessage, type SubmitOutcome } from '@bijli/notifier/smpp';
import { openLog } from '@bijli/service';

const FIRST_HANDSET = 910_000_000_000;
const TEXT_OCTETS = 130;

/** Opens the notifier's link to the sink, with two binds and windows of 1,000, and resolves when both are bound. */
export async function openOwnLink(port: number, onReceipts: (receipts: readonly DeliveryReceipt[]) => Promise<void>) {
  const link = openProvider({
    ...{
      bindType: 'transceiver',
      binds: 2,
      host: '127.0.0.1',
      port,
      systemId: 'bench',
      password: 'bench',
      window: 1_000,
    },
    ...{ header: 'UPPCLP', entityId: '1101000000000000001', log: openLog('bench', 'error'), onReceipts },
  });
  link.start();
  while (link.room() < 2_000) await new Promise((resolve) => setTimeout(resolve, 5));
  return link;
}

/** A text of one part to a handset of its own. */
export function messageTo(ref: number): OutgoingMessage {
  const destination = String(FIRST_HANDSET + ref);
  return { ref, destination, coding: 'ucs-2', parts: [TEXT], templateId: '1107000000000000001' };
}

const TEXT = Buffer.alloc(TEXT_OCTETS, 0x09);

/** Sends a slice and resolves when each message of it has its outcome. */
export async function sendSlice(
  link: Awaited<ReturnType<typeof openOwnLink>>,
  messages: readonly OutgoingMessage[],
): Promise<SubmitOutcome[]> {
  const all: SubmitOutcome[] = [];
  await link.submitSlice(messages, { mayWrite: () => true, onOutcomes: (outcomes) => all.push(...outcomes) });
  const lost = all.find(({ kind }) => kind !== 'accepted');
  if (lost !== undefined) throw new Error(`message ${lost.ref} was ${lost.kind}`);
  return all;
}
