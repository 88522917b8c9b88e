import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Settings } from './read-settings.ts';

/** Whom a connection leads to: how its settings begin, and what it is called in words. */
export type TlsPeer = { readonly prefix: string; readonly name: string };

/**
 * Reads how a connection is secured; nothing without TLS. What belongs to TLS is refused without it, lest a password goes in the clear
 * because one variable was forgotten.
 */
export function tlsSettings(settings: Settings, { prefix, name }: TlsPeer): { tls?: ConnectionOptions } {
  const variable = `${prefix}_TLS`;
  const isOn = settings.flag(variable, { default: false, about: `Whether the connection to ${name} is TLS` });
  const whenOn =
    <T>(parse: (text: string) => T): ((text: string) => T | undefined) =>
    (text) => {
      if (text === '') return undefined;
      if (!isOn) throw new RangeError('TLS is off');
      return parse(text);
    };
  const withTls = <T>(what: string, kind: string, parse: (text: string) => T, about: string) =>
    settings.value(`${variable}_${what}`, `${kind}, with ${variable}=true`, whenOn(parse), { default: '', about });
  const ca = withTls(
    'CA_FILE',
    'a file with a PEM certificate',
    certificatesIn,
    `Authority that signed the certificate of ${name}; those that Node knows when empty`,
  );
  const servername = withTls(
    'SERVER_NAME',
    'a host name',
    (text) => text,
    `Name that the certificate of ${name} must bear; the name of the host when empty`,
  );
  const client = withTls(
    'CLIENT_FILE',
    'a file with a PEM certificate and its private key',
    identityIn,
    `Our own certificate with its key, where ${name} asks for one`,
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
