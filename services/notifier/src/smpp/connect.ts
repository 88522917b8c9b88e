import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SmppLinkOptions } from './smpp-link.ts';

/**
 * Begins to connect to the provider: plain TCP, or TLS where its certificate must be signed by a known
 * authority and bear the name that was asked for.
 */
export function connect({ host, port, tls }: Pick<SmppLinkOptions, 'host' | 'port' | 'tls'>): Socket {
  if (tls === undefined) return connectTcp({ host, port });
  // An address is no server name (RFC 6066, 3); the certificate is compared with it all the same.
  const name = isIP(host) === 0 ? { servername: host } : {};
  const below = connectTcp({ host, port });
  const secure = connectTls({ host, ...name, ...tls, socket: below });
  // A TLS socket cannot be reset; the connection below it can, and then its kernel sends nothing more.
  const resetAndDestroy = (): Socket => {
    below.resetAndDestroy();
    return secure.destroy();
  };
  return Object.assign(secure, { resetAndDestroy });
}
