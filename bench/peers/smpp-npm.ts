// npm `smpp` at the same sink: `smpp-npm.ts PORT COUNT` sends so many texts and waits for their receipts, on two binds with 1,000 under way each, as ours.
import { once } from 'node:events';
import smpp from 'smpp';

const [port = 0, count = 0] = process.argv.slice(2).map(Number);
const [BINDS, WINDOW] = [2, 1_000];
const FIRST_HANDSET = 910_000_000_000;
const TEXT = 'ऩ'.repeat(65);

const done = Promise.withResolvers<void>();
let [sent, answered, received] = [0, 0, 0];
const sessions = await Promise.all(Array.from({ length: BINDS }, bind));
const began = performance.now();
const cpu = process.cpuUsage();
for (const session of sessions) for (let n = 0; n < WINDOW; n += 1) submit(session);
await done.promise;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3, coreSeconds: (user + system) / 1e6 }));
for (const session of sessions) session.close();

async function bind(): Promise<smpp.Session> {
  const session = smpp.connect({ host: '127.0.0.1', port });
  await once(session, 'connect');
  const bound = Promise.withResolvers<void>();
  session.bind_transceiver({ system_id: 'bench', password: 'bench' }, () => bound.resolve());
  await bound.promise;
  session.on('deliver_sm', (pdu: smpp.Pdu) => {
    session.send(pdu.response());
    received += 1;
    finish();
  });
  return session;
}

function submit(session: smpp.Session): void {
  if (sent === count) return;
  const handset = String(FIRST_HANDSET + sent);
  sent += 1;
  const addresses = {
    source_addr_ton: 5,
    source_addr_npi: 0,
    source_addr: 'UPPCLP',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
  };
  const text = { data_coding: 8, registered_delivery: 1, short_message: TEXT };
  session.submit_sm({ ...addresses, destination_addr: handset, ...text }, () => {
    answered += 1;
    submit(session);
    finish();
  });
}

function finish(): void {
  if (answered === count && received === count) done.resolve();
}
