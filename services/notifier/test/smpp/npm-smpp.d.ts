/** The part of npm `smpp` 0.5.1 (no types of its own) that the counterpart test uses. */
declare module 'smpp' {
  import type { Server } from 'node:net';

  interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    response(fields?: Record<string, unknown>): Pdu;
  }
  interface Session {
    on(event: string, listener: (pdu: Pdu) => void): void;
    send(pdu: Pdu): void;
    deliver_sm(fields: Record<string, unknown>, onResponse?: (pdu: Pdu) => void): void;
    enquire_link(onResponse: (pdu: Pdu) => void): void;
    unbind(onResponse: (pdu: Pdu) => void): void;
    close(): void;
    destroy(): void;
  }
  const smpp: { createServer(onSession: (session: Session) => void): Server };
  export default smpp;
  export type { Pdu, Session };
}
