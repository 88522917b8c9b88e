/** Collects PDUs so that a tick's worth of them leaves in one write. */
export type PduWriter = {
  /** Adds a PDU of at most `octets`; what would not fit beside it is written first. */
  add(octets: number, encode: (target: Buffer, at: number) => number): void;
  /** Tells whether a PDU of at most `octets` fits without a write. */
  fits(octets: number): boolean;
  /** Gives a place to roll back to. */
  mark(): number;
  /** Takes back what was added since the mark; nothing may have been written in between. */
  rollBack(mark: number): void;
  /** Writes what was added. */
  flush(): void;
};

/**
 * Makes a writer over buffers of `size` octets. `write` sends octets and calls `done` when it needs them no more
 * (`socket.write` does): the buffer is then used again, so that a busy connection allocates nothing.
 */
export function pduWriter(size: number, write: (octets: Buffer, done: () => void) => void): PduWriter {
  const spare: Buffer[] = [];
  let buffer: Buffer = Buffer.allocUnsafeSlow(size);
  let at = 0;

  const flush = (): void => {
    if (at === 0) return;
    const written = buffer;
    const end = at;
    buffer = spare.pop() ?? Buffer.allocUnsafeSlow(size);
    at = 0;
    write(written.subarray(0, end), () => spare.push(written));
  };
  const fits = (octets: number): boolean => at + octets <= size;

  return {
    add: (octets, encode) => {
      if (!fits(octets)) flush();
      at = encode(buffer, at);
    },
    fits,
    mark: () => at,
    rollBack: (mark) => {
      at = mark;
    },
    flush,
  };
}
