/** The part of npm `smpp` 0.5.1 (no types of its own) that the component test uses. */
declare module 'smpp' {
  interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    response(fields?: Record<string, unknown>): Pdu;
  }
  type Ask = (fields: Record<string, unknown>, onResponse: (pdu: Pdu) => void) => boolean;
  interface Session {
    bind_transceiver: Ask;
    bind_transmitter: Ask;
    bind_receiver: Ask;
    submit_sm: Ask;
    enquire_link: Ask;
    unbind: Ask;
    on(event: 'pdu', listener: (pdu: Pdu) => void): void;
    on(event: 'error' | 'close' | 'connect', listener: () => void): void;
    send(pdu: Pdu): void;
    destroy(): void;
    readonly socket: import('node:net').Socket;
  }
  const smpp: { connect(options: { host: string; port: number }): Session };
  export default smpp;
  export type { Pdu, Session };
}
