import { constants, generateKeyPairSync, privateEncrypt } from 'node:crypto';
import forge from 'node-forge';

/** A certificate with its private key, both PEM. */
export type Identity = {
  readonly cert: string;
  readonly key: string;
};

/** Somebody who signs certificates. */
export type Authority = {
  readonly cert: string;
  /** Signs a certificate for these host names and addresses; of a client when there are none. */
  sign(names?: { hosts?: readonly string[]; addresses?: readonly string[] }): Identity;
};

const DAY_MS = 86_400_000;
// Types of a subjectAltName (RFC 5280, 4.2.1.6).
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Keys take long to make: all that authorities sign for hold the same, made when the first is signed for. */
let holders: ReturnType<typeof keyPair> | undefined;

let serial = 0;

/** Makes an authority that only this test knows. */
export function makeAuthority(commonName: string): Authority {
  const own = keyPair();
  const subject = [{ name: 'commonName', value: commonName }];
  const issue = (key: forge.pki.rsa.PublicKey, of: typeof subject, extensions: object[]): string => {
    const certificate = forge.pki.createCertificate();
    serial += 1;
    certificate.serialNumber = `0${serial}`;
    certificate.publicKey = key;
    certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
    certificate.setSubject(of);
    certificate.setIssuer(subject);
    certificate.setExtensions(extensions);
    certificate.sign(signer(own.key), forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  };
  return {
    cert: issue(own.publicKey, subject, [{ name: 'basicConstraints', cA: true }]),
    sign: ({ hosts = [], addresses = [] } = {}) => {
      const altNames = [
        ...hosts.map((value) => ({ type: DNS_NAME, value })),
        ...addresses.map((ip) => ({ type: IP_ADDRESS, ip })),
      ];
      const extensions = altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : [];
      holders ??= keyPair();
      return { key: holders.key, cert: issue(holders.publicKey, [{ name: 'commonName', value: 'bijli' }], extensions) };
    },
  };
}

/** DigestInfo of SHA-256 without the digest (RFC 8017, 9.2, note 1). */
const SHA_256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** Signs with Node's own arithmetic: the library's takes a second for each. */
function signer(key: string): forge.pki.rsa.PrivateKey {
  const sign = (md: forge.md.MessageDigest): string => {
    const digest = Buffer.from(md.digest().getBytes(), 'latin1');
    const padding = constants.RSA_PKCS1_PADDING;
    return privateEncrypt({ key, padding }, Buffer.concat([SHA_256_INFO, digest])).toString('latin1');
  };
  return { sign } as unknown as forge.pki.rsa.PrivateKey;
}

function keyPair(): { key: string; publicKey: forge.pki.rsa.PublicKey } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { key: privateKey, publicKey: forge.pki.publicKeyFromPem(publicKey) as forge.pki.rsa.PublicKey };
}
