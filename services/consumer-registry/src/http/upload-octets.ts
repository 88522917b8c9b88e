import type { IncomingMessage } from 'node:http';

/** The octets of an upload; when reading them throws, `isSilent` tells whether its sender had nothing more to say. */
export type UploadOctets = { readonly octets: AsyncIterable<Buffer>; isSilent(): boolean };

/** Gives the octets of a request as they come, and throws when nothing comes for so long. Giving up on them leaves the connection open for the answer. */
export function uploadOctets(request: IncomingMessage, silenceMs: number): UploadOctets {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  silence.catch(() => undefined);
  let isSilent = false;
  const onSilence = (): void => {
    isSilent = true;
    reject(new Error('nothing came of an upload'));
  };
  async function* octets(): AsyncGenerator<Buffer> {
    const source = request.iterator({ destroyOnReturn: false });
    request.setTimeout(silenceMs).on('timeout', onSilence);
    try {
      for (;;) {
        const { done, value } = await Promise.race([source.next(), silence]);
        if (done === true) return;
        yield value as Buffer;
      }
    } finally {
      request.off('timeout', onSilence);
      // Not waited for: of a silent sender it is still waiting itself.
      void source.return?.().catch(() => undefined);
    }
  }
  return { octets: octets(), isSilent: () => isSilent };
}
