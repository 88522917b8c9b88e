// `node bench/storm/tap.ts PORT SMSC_PORT LOG`: stands between the notifier and an SMSC, changes no octet, and logs what passes. A submit_sm
// is a line of milliseconds since 1970, its place on its connection and its octets; its answer is a line of that place, the status and the id.
import { openSync, writeSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';

const [port, smscPort, logPath = ''] = process.argv.slice(2);
const HOST = '127.0.0.1';
const HEADER = 16;
const SUBMIT_SM = 0x04;
const RESPONSE = 0x80000000;
const log = openSync(logPath, 'w', 0o600);
let connections = 0;

createServer((notifier) => {
  const smsc = connect(Number(smscPort), HOST);
  const connection = String((connections += 1));
  const placeOf = (pdu: Buffer): string => `${connection}/${pdu.readUInt32BE(12)}`;
  pass(notifier, smsc, (pdu) => {
    if (pdu.readUInt32BE(4) === SUBMIT_SM) writeSync(log, `S ${Date.now()} ${placeOf(pdu)} ${pdu.toString('hex')}\n`);
  });
  pass(smsc, notifier, (pdu) => {
    if (pdu.readUInt32BE(4) !== RESPONSE + SUBMIT_SM) return;
    writeSync(
      log,
      `R ${placeOf(pdu)} ${pdu.readUInt32BE(8)} ${pdu.toString('latin1', HEADER).replace(/\0.*$/s, '')}\n`,
    );
  });
}).listen(Number(port), HOST, () => console.log('ready'));

/** Passes on what one side says, each PDU logged before it goes on. */
function pass(from: Socket, to: Socket, look: (pdu: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  from.setNoDelay(true);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
  from.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= HEADER && rest.length >= rest.readUInt32BE(0)) {
      look(rest.subarray(0, rest.readUInt32BE(0)));
      rest = rest.subarray(rest.readUInt32BE(0));
    }
    to.write(data);
  });
}
