declare module 'smpp' {
  import type { EventEmitter } from 'node:events';

  namespace smpp {
    type Pdu = { readonly command: string; response(fields?: object): Pdu };
    type Answered = (pdu: Pdu) => void;
    interface Session extends EventEmitter {
      bind_transceiver(fields: object, answered: Answered): void;
      submit_sm(fields: object, answered: Answered): void;
      send(pdu: Pdu): void;
      close(): void;
    }
    function connect(place: { host: string; port: number }): Session;
  }
  export = smpp;
}
