// The notifier's SMPP link alone: `smpp-ours.ts PORT COUNT` sends so many texts and waits for their receipts; two slices of 1,000 are under way.
import { messageTo, openOwnLink, sendSlice } from './own-link.ts';

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
const SLICE = 1_000;
const LANES = 2;

const received = Promise.withResolvers<void>();
let receipts = 0;
const link = await openOwnLink(port, async (batch) => {
  receipts += batch.length;
  if (receipts === count) received.resolve();
});
const began = performance.now();
const cpu = process.cpuUsage();
let sent = 0;
await Promise.all(Array.from({ length: LANES }, send));
await received.promise;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3, coreSeconds: (user + system) / 1e6 }));
await link.stop();

async function send(): Promise<void> {
  while (sent < count) {
    const from = sent;
    sent = Math.min(count, from + SLICE);
    await sendSlice(
      link,
      Array.from({ length: sent - from }, (_, n) => messageTo(from + n)),
    );
  }
}
