// `npm run fresh-clone`: does what a newcomer does. Clones what is committed into an empty folder (its name has a space), with an empty
// home, as an ordinary user, and runs `npm test`; then in another clone, from empty caches again, `npm start` until it is ready, and once
// more, warm, with `npm run demo` beside it, twice. Prints how long each took.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..');
const basePort = '27000';
const ready = /^ready in /m;
const user = ordinaryUser();
const folder = mkdtempSync(join(tmpdir(), 'bijli fresh clone '));
const figures = [];

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  give(folder);
  const tested = await run(newcomer('test'), ['test']);
  figures.push(`npm test               ${seconds(tested)}  ${lastLine(tested.output)}`);
  const starter = newcomer('start');
  figures.push(`npm start, cold        ${seconds(await startAndStop(starter))}`);
  const demos = [];
  const warm = await startAndStop(starter, async () => {
    for (let play = 0; play < 2; play += 1) demos.push(await run(starter, ['run', 'demo']));
  });
  figures.push(`npm start, warm        ${seconds(warm)}`);
  for (const demo of demos) figures.push(`npm run demo           ${seconds(demo)}  ${lastLine(demo.output).trim()}`);
  console.log(`\n${figures.join('\n')}`);
  if ([tested, ...demos].some(({ code }) => code !== 0)) process.exitCode = 1;
}

/** Another user when we are root, whom nothing of the system is private to. */
function ordinaryUser() {
  if (process.getuid() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = users.find(([name]) => name === 'nobody') ?? [];
  if (!uid) throw new Error('/etc/passwd has no user "nobody": run this as an ordinary user');
  return { uid: Number(uid), gid: Number(gid) };
}

function give(path) {
  if (user) chownSync(path, user.uid, user.gid);
}

/** A clone and a home of its own; nothing is cached in either. */
function newcomer(name) {
  const clone = join(folder, name, 'bijli alert');
  const home = join(folder, name, 'home');
  mkdirSync(home, { recursive: true });
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', repository, clone], { stdio: 'inherit' });
  if (user) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, join(folder, name)]);
  return { cwd: clone, env: environment(home), ...user };
}

/** Ours without what npm and this repository put into it. */
function environment(home) {
  const ofOurs = /^(npm_|BIJLI_|DATABASE_URL$|KAFKA_BROKERS$|TEST_|XDG_|INIT_CWD$|NODE_OPTIONS$)/;
  const kept = Object.entries(process.env).filter(([name]) => !ofOurs.test(name));
  const path = process.env.PATH.split(delimiter).filter(
    (entry) => !entry.startsWith(repository) && !entry.includes('node_modules'),
  );
  return { ...Object.fromEntries(kept), HOME: home, PATH: path.join(delimiter), BIJLI_PORT: basePort };
}

async function startAndStop(who, whileReady) {
  const start = await run(who, ['start'], ready, whileReady);
  if (!ready.test(start.output)) throw new Error('npm start did not become ready');
  return start;
}

/** Runs npm; when what it says matches `until`, the clock stops, and npm is told to once `then` is done. */
async function run(who, args, until, then = async () => {}) {
  const began = performance.now();
  const result = { output: '', ms: 0, code: 0 };
  let done;
  const child = spawn('npm', args, { ...who, stdio: ['ignore', 'pipe', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill('SIGTERM'));
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    result.output += text;
    if (result.ms || !until?.test(result.output)) return;
    result.ms = performance.now() - began;
    done = then().finally(() => child.kill('SIGTERM'));
    done.catch(() => {}); // it is heard of when npm has ended
  });
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      result.code = code ?? 128 + constants.signals[signal];
      resolve();
    });
  });
  await done;
  result.ms ||= performance.now() - began;
  return result;
}

function seconds({ ms }) {
  return `${(ms / 1_000).toFixed(1).padStart(6)} s`;
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1);
}
