import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Settings } from '@bijli/service';

/**
 * This function will read how the connection to the SMSC is secured. What belongs to TLS is refused without it, lest a
 * password goes in the clear because one variable was forgotten.
 */
export function tlsSettings(settings: Settings): { tls?: ConnectionOptions } {
  const isOn = settings.flag('SMPP_TLS', { default: false, about: 'Whether the connection to the SMSC is TLS' });
  const whenOn =
    <T>(parse: (text: string) => T): ((text: string) => T | undefined) =>
    (text) => {
      if (text === '') return undefined;
      if (!isOn) throw new RangeError('TLS is off');
      return parse(text);
    };
  const withTls = <T>(name: string, kind: string, parse: (text: string) => T, about: string) =>
    settings.value(`SMPP_TLS_${name}`, `${kind}, with SMPP_TLS=true`, whenOn(parse), { default: '', about });
  const ca = withTls(
    'CA_FILE',
    'a file with a PEM certificate',
    certificatesIn,
    'Authority that signed the SMSC’s certificate; those that Node knows when empty',
  );
  const servername = withTls(
    'SERVER_NAME',
    'a host name',
    (text) => text,
    'Name that the SMSC’s certificate must bear; SMPP_HOST when empty',
  );
  const client = withTls(
    'CLIENT_FILE',
    'a file with a PEM certificate and its private key',
    identityIn,
    'Our own certificate with its key, where the provider asks for one',
  );
  if (!isOn) return {};
  return {
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(servername === undefined ? {} : { servername }),
      ...(client === undefined ? {} : { cert: client, key: client }),
    },
  };
}

function certificatesIn(path: string): string {
  const pem = readFileSync(path, 'utf8');
  new X509Certificate(pem);
  return pem;
}

function identityIn(path: string): string {
  const pem = certificatesIn(path);
  createPrivateKey(pem);
  return pem;
}
