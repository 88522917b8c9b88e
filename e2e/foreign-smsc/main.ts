// `node --conditions=bijli-source e2e/foreign-smsc/main.ts <port> <system id> <password> [<PKCS12 file>]`: runs ForeignSmsc.java, which says
// what comes and is told what to do on its standard streams. With a file it listens with TLS, by the key in it. `--prepare` only
// brings what it needs; an exit code of 3 says that it cannot run here, the last line why.
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findJava, oldestJava } from '@bijli/start/java';
import { bringJars, type JarLock } from '@bijli/start/kafka/jars';
import { StartProblem } from '@bijli/start/problem';
import { repository } from '@bijli/start/settings';

const cannotRunHere = 3;
const keyStorePassword = 'changeit';

const lock: JarLock = {
  file: join(import.meta.dirname, 'jars.lock'),
  whose: 'The foreign SMSC',
  otherFix: 'do without its tests',
};

try {
  const compiler = await findCompiler();
  const { classPath } = await bringJars(join(repository, '.cache/foreign-smsc-jars'), lock);
  if (!process.argv.includes('--prepare')) run(compiler, classPath, process.argv.slice(2));
} catch (fault) {
  if (!(fault instanceof StartProblem)) throw fault;
  console.error(fault.message);
  process.exitCode = cannotRunHere;
}

/** A Java that runs a source file: one with its compiler, not a runtime alone. */
async function findCompiler(): Promise<string> {
  const java = await findJava(process.env);
  if (!java) throw new StartProblem(`no Java ${oldestJava} or newer here`);
  const { stdout } = await promisify(execFile)(java.program, ['--list-modules']);
  if (!/^jdk\.compiler@/m.test(stdout)) throw new StartProblem('the Java here is a runtime without compiler');
  return java.program;
}

function run(
  java: string,
  classPath: string,
  [port = '', systemId = '', password = '', keyStore]: readonly string[],
): void {
  const tls = keyStore
    ? [
        '-Djavax.net.ssl.keyStoreType=PKCS12',
        `-Djavax.net.ssl.keyStore=${keyStore}`,
        `-Djavax.net.ssl.keyStorePassword=${keyStorePassword}`,
      ]
    : [];
  const source = join(import.meta.dirname, 'ForeignSmsc.java');
  const args = ['-XX:TieredStopAtLevel=1', ...tls, '-cp', classPath, source, port, systemId, password];
  // Its logger has nobody to write to and says so; it ends with its standard input, so with us.
  const smsc = spawn(java, [...args, keyStore ? 'tls' : 'plain'], { stdio: ['inherit', 'inherit', 'ignore'] });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => smsc.kill(signal));
  smsc.on('exit', (code) => process.exit(code ?? 0));
}
