import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Resource } from './resources.ts';

/** A secret as make-secrets.sh hands it over. */
export type Secret = Resource & {
  readonly type?: string;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
};

/** A kubectl that knows no secret, or every one, and keeps what it is to create. */
const kubectl = (isThere: boolean): string => `#!/bin/sh
case "$3" in
  get) exit ${isThere ? 0 : 1} ;;
  create) { echo ---; cat; } >> "$KUBECTL_KEEPS" ;;
esac
`;

/** Runs make-secrets.sh with a kubectl of ours; answers what a cluster would be given. @param isThere says that each secret is there. */
export function madeSecrets({ smppPassword = 'p', isThere = false } = {}): Secret[] {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-secrets-'));
  try {
    const keeps = join(folder, 'created.yaml');
    const passwordFile = join(folder, 'smpp-password');
    writeFileSync(keeps, '');
    writeFileSync(passwordFile, smppPassword);
    writeFileSync(join(folder, 'kubectl'), kubectl(isThere), { mode: 0o755 });
    const env = {
      PATH: `${folder}${delimiter}${process.env['PATH']}`,
      KUBECTL_KEEPS: keeps,
      SMPP_PASSWORD_FILE: passwordFile,
    };
    execFileSync(join(import.meta.dirname, '../make-secrets.sh'), ['bijli-alert'], { env, stdio: 'pipe' });
    return parseAllDocuments(readFileSync(keeps, 'utf8')).flatMap(
      (document) => (document.toJS() as Secret | null) ?? [],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The keys of secrets, `<secret>/<key>`. */
export function keysOf(secrets: readonly Secret[]): string[] {
  return secrets.flatMap(({ metadata, stringData = {}, data = {} }) =>
    [...Object.keys(stringData), ...Object.keys(data)].map((key) => `${metadata.name}/${key}`),
  );
}
