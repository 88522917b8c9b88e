// The least that an SMPP client can do: `node raw-client.mjs PORT COUNT`. Two binds, 1,000 unanswered on each, receipts answered. It patches
// one prepared submit_sm and keeps nothing. It prints seconds and core seconds as JSON. Frozen: the bench prints its SHA-256.
import { once } from 'node:events';
import { connect } from 'node:net';

const [port, count] = process.argv.slice(2).map(Number);
const [BINDS, WINDOW, HEADER] = [2, 1_000, 16];
const [SUBMIT_SM, DELIVER_SM, TRANSCEIVER, RESPONSE] = [0x04, 0x05, 0x09, 0x80000000];
const FIRST_HANDSET = 910_000_000_000;
const text = (value) => Buffer.from(`${value}\0`, 'latin1');
const octets = (...values) => Buffer.from(values);
const tlv = (tag, value) => Buffer.concat([octets(tag >> 8, tag & 0xff, 0, value.length), value]);

const body = Buffer.concat([
  ...[text(''), octets(5, 0), text('UPPCLP'), octets(1, 1), text(String(FIRST_HANDSET)), octets(0, 0, 0)],
  ...[text(''), text(''), octets(1, 0, 8, 0, 130), Buffer.alloc(130, 0x09)],
  ...[tlv(0x1400, Buffer.from('1101000000000000001')), tlv(0x1401, Buffer.from('1107000000000000001'))],
]);
const handsetAt = HEADER + body.indexOf(String(FIRST_HANDSET));
const template = Buffer.concat([head(SUBMIT_SM, 0, body.length), body]);

let [sent, answered, received] = [0, 0, 0];
const done = Promise.withResolvers();
const sockets = await Promise.all(Array.from({ length: BINDS }, bind));
const began = performance.now();
const cpu = process.cpuUsage();
for (const socket of sockets) socket.fill();
await done.promise;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3, coreSeconds: (user + system) / 1e6, count }));
for (const socket of sockets) socket.destroy();

async function bind() {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const body = Buffer.concat([text('bench'), text('bench'), text(''), octets(0x34, 0, 0), text('')]);
  socket.write(Buffer.concat([head(TRANSCEIVER, 1, body.length), body]));
  await once(socket, 'data');
  let [rest, open, sequence] = [Buffer.alloc(0), 0, 1];
  socket.fill = () => {
    const room = Math.min(WINDOW - open, count - sent);
    if (room <= 0) return;
    const out = Buffer.allocUnsafe(room * template.length);
    for (let n = 0; n < room; n += 1) {
      const at = n * template.length;
      template.copy(out, at);
      out.writeUInt32BE((sequence += 1), at + 12);
      out.latin1Write(String(FIRST_HANDSET + sent), at + handsetAt);
      sent += 1;
    }
    open += room;
    socket.write(out);
  };
  socket.on('data', (data) => {
    const input = rest.length === 0 ? data : Buffer.concat([rest, data]);
    const answers = [];
    let at = 0;
    for (; at + HEADER <= input.length; ) {
      const length = input.readUInt32BE(at);
      if (at + length > input.length) break;
      const command = input.readUInt32BE(at + 4);
      if (command === (SUBMIT_SM | RESPONSE) >>> 0) {
        open -= 1;
        answered += 1;
      } else if (command === DELIVER_SM) {
        received += 1;
        answers.push(head(DELIVER_SM | RESPONSE, input.readUInt32BE(at + 12), 1), octets(0));
      }
      at += length;
    }
    rest = input.subarray(at);
    if (answers.length > 0) socket.write(Buffer.concat(answers));
    socket.fill();
    if (answered === count && received === count) done.resolve();
  });
  return socket;
}

function head(command, number, bodyOctets) {
  const octets = Buffer.alloc(HEADER);
  octets.writeUInt32BE(HEADER + bodyOctets, 0);
  octets.writeUInt32BE(command >>> 0, 4);
  octets.writeUInt32BE(number, 12);
  return octets;
}
