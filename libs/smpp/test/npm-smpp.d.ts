/** The part of npm `smpp` 0.5.1 (no types of its own) that the counterpart tests use. */
declare module 'smpp' {
  type Fields = Record<string, unknown>;
  class PDU {
    constructor(command: string | Buffer, fields?: Fields);
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    toBuffer(): Buffer;
  }
  const smpp: { PDU: typeof PDU };
  export default smpp;
}
