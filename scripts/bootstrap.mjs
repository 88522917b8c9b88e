// `npm start` on a machine that has only Node 20 and npm: fetches the pinned Node and pnpm into .cache/, installs the locked packages
// when they changed, then runs a script straight from source: node scripts/bootstrap.mjs <script.ts> [arguments].
// Plain JavaScript without dependencies, because it runs before there are any.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = [20, 0, 0];
const oldestNodeThatServes = [24, 11, 1]; // strips types by itself and reads what the libraries need
const spaceForPackages = 1.5e9;
const parentPollMs = 500;
const stopWithinMs = 60_000;

const began = Date.now();
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const platform = `${process.platform}-${process.arch}`;
const nodePackage = { name: `node-${platform}`, version: manifest.config.node };
const pnpmPackage = { name: `@pnpm/exe.${platform}`, version: manifest.packageManager.split('@')[1] };
const tools = join(root, '.cache/tools');

main();

function main() {
  if (!nodeIsAtLeast(oldestNode)) fail(`This is Node ${process.versions.node}: install Node 20 or newer.`);
  const ownNode = nodeIsAtLeast(oldestNodeThatServes);
  fetchTools(ownNode ? [pnpmPackage] : [nodePackage, pnpmPackage]);
  const node = ownNode ? process.execPath : join(toolFolder(nodePackage), 'bin/node');
  const env = {
    ...withoutNpm(process.env),
    BIJLI_BEGAN_AT: String(began),
    PATH: [dirname(node), toolFolder(pnpmPackage), process.env.PATH].join(delimiter),
  };
  installPackages(env);
  run(node, ['--conditions=bijli-source', '--enable-source-maps', ...process.argv.slice(2)], env);
}

function nodeIsAtLeast(oldest) {
  const own = process.versions.node.split('.').map(Number);
  const differing = own.findIndex((number, place) => number !== oldest[place]);
  return differing === -1 || own[differing] > oldest[differing];
}

function toolFolder({ name }) {
  return join(tools, 'node_modules', name);
}

/** The platform packages hold the plain binaries, so no install script has to run. */
function fetchTools(packages) {
  if (packages.every(isThere)) return;
  needSpace();
  const wanted = packages.map(({ name, version }) => `${name}@${version}`);
  const done = begin(`fetching ${wanted.join(' and ')} (once)`);
  const unfinished = `${tools}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), '{ "private": true }\n');
  const quiet = [
    '--ignore-scripts',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  const fix = 'check the network and the registry that npm is set to';
  must(
    'npm',
    ['install', ...quiet, '--prefix', unfinished, ...wanted],
    process.env,
    `npm could not fetch ${wanted.join(' and ')}: ${fix}.`,
  );
  rmSync(tools, { recursive: true, force: true });
  renameSync(unfinished, tools);
  done('fetched');
}

function isThere(tool) {
  const at = join(toolFolder(tool), 'package.json');
  return existsSync(at) && JSON.parse(readFileSync(at, 'utf8')).version === tool.version;
}

/** Installs exactly what the lockfile names, unless node_modules was made from the same files already. */
function installPackages(env) {
  const stamp = join(root, 'node_modules/.bootstrap');
  const wanted = hashOfManifests();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  needSpace();
  const done = begin('installing the locked packages');
  const options = ['--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'];
  must(
    join(toolFolder(pnpmPackage), 'pnpm'),
    ['install', ...options],
    env,
    'pnpm could not install the locked packages: its lines above say why.',
  );
  writeFileSync(stamp, wanted);
  done('installed');
}

function hashOfManifests() {
  const hash = createHash('sha256').update(platform);
  const workspaces = ['.', 'libs', 'services', 'scripts', 'deploy'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
  );
  const patches = readdirSync(join(root, 'scripts/patches')).map((name) => join('scripts/patches', name));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...workspaces, ...patches]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** npm started us and its lifecycle variables would mislead pnpm; registry and proxy settings stay. */
function withoutNpm(env) {
  const ofNpm = /^npm_(package|lifecycle|command|execpath|node_execpath)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ofNpm.test(name)));
}

/** The script has a process group of its own, so that it stops its servers in order whatever happens to the terminal or to npm. */
function run(node, args, env) {
  const child = spawn(node, args, { stdio: 'inherit', env, detached: true });
  const stop = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // the group is gone already
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch); // npm was killed with -9: nobody is left to pass a signal on
    stop('SIGTERM');
    setTimeout(() => stop('SIGKILL'), stopWithinMs).unref();
  }, parentPollMs);
  child.on('error', (error) => fail(`${node} does not run: ${error.message}.`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function needSpace() {
  const { bavail, bsize } = statfsSync(root);
  const missing = spaceForPackages - bavail * bsize;
  if (missing > 0) fail(`The disk of ${root} is full: free another ${Math.ceil(missing / 1e6)} MB.`);
}

function must(command, args, env, sentence) {
  // What they print goes to stderr: stdout belongs to the script.
  if (spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] }).status !== 0) fail(sentence);
}

/** Says what begins; what it answers says that it is done, and how long it took. */
function begin(line) {
  const began = Date.now();
  say(line);
  return (what) => say(`${what} in ${((Date.now() - began) / 1_000).toFixed(1)} s`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}
