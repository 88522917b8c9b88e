// An SMSC that takes everything: `node sink.mjs PORT LOG`. It answers each submit_sm at once, sends its receipt 10 ms later on the same
// connection, and logs each before it answers: microseconds of the monotonic clock, then the handset. Frozen: the bench prints its SHA-256.
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';

const [port, logPath] = process.argv.slice(2);
const log = openSync(logPath, 'w', 0o600);
const RECEIPT_AFTER_MS = 10;
const HEADER = 16;
const [SUBMIT_SM, DELIVER_SM, UNBIND, ENQUIRE_LINK] = [0x04, 0x05, 0x06, 0x15];
const BINDS = [0x01, 0x02, 0x09];
const RESPONSE = 0x80000000;
const RECEIPT = 4;
const firstId = Date.now().toString(36);
let ids = 0;

createServer(serve).listen(Number(port), '127.0.0.1', () => console.log('ready'));

function serve(socket) {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let rest = Buffer.alloc(0);
  let sequence = 0;
  socket.on('data', (data) => {
    const input = rest.length === 0 ? data : Buffer.concat([rest, data]);
    const [answers, receipts] = [[], []];
    let lines = '';
    let at = 0;
    for (; at + HEADER <= input.length; ) {
      const length = input.readUInt32BE(at);
      if (at + length > input.length) break;
      const command = input.readUInt32BE(at + 4);
      const number = input.readUInt32BE(at + 12);
      if (command === SUBMIT_SM) {
        const { source, handset, wantsReceipt } = readSubmit(input, at + HEADER);
        const id = `${firstId}${((ids += 1)).toString(36)}`;
        lines += `${process.hrtime.bigint() / 1000n} ${handset}\n`;
        answers.push(pdu(SUBMIT_SM | RESPONSE, number, text(id)));
        if (wantsReceipt) receipts.push({ id, source, handset });
      } else if (BINDS.includes(command)) answers.push(pdu(command | RESPONSE, number, text('sink')));
      else if (command === ENQUIRE_LINK || command === UNBIND) answers.push(pdu(command | RESPONSE, number));
      at += length;
    }
    rest = input.subarray(at);
    if (lines !== '') writeSync(log, lines);
    if (answers.length > 0) socket.write(Buffer.concat(answers));
    if (receipts.length > 0) setTimeout(() => send(receipts), RECEIPT_AFTER_MS);
  });
  function send(receipts) {
    if (socket.destroyed) return;
    const day = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
    socket.write(Buffer.concat(receipts.map((one) => pdu(DELIVER_SM, (sequence += 1), receiptOf(one, day)))));
  }
}

function readSubmit(input, start) {
  const end = (from) => input.indexOf(0, from) + 1;
  const sourceAt = end(start) + 2;
  const handsetAt = end(sourceAt) + 2;
  const handsetEnd = end(handsetAt);
  const registeredAt = end(end(handsetEnd + 3));
  return {
    source: input.latin1Slice(sourceAt, handsetAt - 3),
    handset: input.latin1Slice(handsetAt, handsetEnd - 1),
    wantsReceipt: (input[registeredAt] & 3) === 1,
  };
}

function receiptOf({ id, source, handset }, day) {
  const words = `id:${id} sub:001 dlvrd:001 submit date:${day} done date:${day} stat:DELIVRD err:000 text:`;
  const addresses = [text(''), octets(1, 1), text(handset), octets(5, 0), text(source), octets(RECEIPT, 0, 0)];
  const message = Buffer.from(words, 'latin1');
  const fields = [text(''), text(''), octets(0, 0, 0, 0, message.length), message];
  const idTlv = Buffer.concat([octets(0x00, 0x1e, 0, id.length + 1), text(id)]);
  return Buffer.concat([...addresses, ...fields, idTlv, octets(0x04, 0x27, 0, 1, 2)]);
}

function pdu(command, number, body = Buffer.alloc(0)) {
  const head = Buffer.alloc(HEADER);
  head.writeUInt32BE(HEADER + body.length, 0);
  head.writeUInt32BE(command >>> 0, 4);
  head.writeUInt32BE(number, 12);
  return Buffer.concat([head, body]);
}

function text(value) {
  return Buffer.from(`${value}\0`, 'latin1');
}

function octets(...values) {
  return Buffer.from(values);
}
