/**
 * Runs a job of this repository on a bare Debian or Ubuntu machine that has only Node: installs what is missing first.
 *
 *   node scripts/bootstrap.mjs setup            tools, packages, build
 *   node scripts/bootstrap.mjs test [ARGS...]   tools, packages, then scripts/test.mjs
 *   node scripts/bootstrap.mjs demo [ARGS...]   tools, packages, build, then the demo
 *
 * Debian packages are installed when running as root, else they are named (exit code 4). Uses nothing but Node itself.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const WRONG_TOOL = 4;

/** `tools` that a job cannot do without, beside the required ones. */
const JOBS = {
  setup: { tools: [], build: true, command: null },
  test: { tools: ['yosys', 'iverilog', 'nextpnr-ice40', 'icepack'], build: false, command: ['scripts/test.mjs'] },
  demo: { tools: [], build: true, command: ['bin/run.js', 'demo'] },
};
/** Installed along with the others where that is possible. */
const WELCOME_TOOLS = ['ccache', 'yosys', 'iverilog'];

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

function fail(...lines) {
  console.error(lines.join('\n'));
  process.exit(WRONG_TOOL);
}

/** Runs a program in the repository; its output goes to stderr, because stdout belongs to the job. */
function mustRun(program, args, environment = {}) {
  console.error(`> ${program} ${args.join(' ')}`);
  const { status } = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...environment },
  });
  if (status !== 0) fail(`Error: ${program} ${args[0]} failed`);
}

function checkNode() {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(readJson('package.json').engines.node);
  const [actualMajor, actualMinor] = process.versions.node.split('.').map(Number);
  if (actualMajor > Number(major) || (actualMajor === Number(major) && actualMinor >= Number(minor))) return;
  fail(`Error: Node ${major}.${minor} or newer is needed, this is ${process.versions.node}`);
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs missing Debian packages, or names them. Without root only what the job needs is asked for. */
function ensureTools(needed) {
  const tools = readJson('plugins/core/data/tools.json').filter(({ debianPackage }) => debianPackage !== null);
  const missing = tools.filter(({ command }) => !isOnPath(command[0]));
  const packagesOf = (isWanted) => missing.filter(isWanted).map(({ debianPackage }) => debianPackage);
  const isNeeded = ({ name, required }) => required || needed.includes(name);
  const wanted = packagesOf((tool) => isNeeded(tool) || WELCOME_TOOLS.includes(tool.name));
  if (wanted.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isOnPath('apt-get')) {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    mustRun('apt-get', ['update', '-q'], quiet);
    mustRun('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...wanted], quiet);
    return;
  }
  const lacking = packagesOf(isNeeded);
  if (lacking.length === 0) return;
  fail(
    `Error: these programs are missing: ${lacking.join(', ')}`,
    `  try:      apt-get install -y ${wanted.join(' ')}`,
  );
}

/** Whether node_modules holds the versions of package-lock.json; packages for other platforms may be absent. */
function arePackagesInstalled() {
  let installed;
  try {
    installed = readJson('node_modules/.package-lock.json').packages;
  } catch {
    return false;
  }
  return Object.entries(readJson('package-lock.json').packages).every(([path, { version, link, optional }]) => {
    if (!path.includes('node_modules/') || link) return true;
    return path in installed ? installed[path].version === version : optional === true;
  });
}

function npm(...args) {
  const { npm_execpath: path } = process.env;
  if (path === undefined) mustRun('npm', args);
  else mustRun(process.execPath, [path, ...args]);
}

const [job = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(JOBS, job)) {
  console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(JOBS).join('|')} [ARGS...]`);
  process.exit(2);
}
const { tools, build, command } = JOBS[job];
checkNode();
ensureTools(tools);
if (!arePackagesInstalled()) npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
if (build) mustRun(process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
if (command !== null) {
  const { status, signal } = spawnSync(process.execPath, [...command, ...args], { cwd: ROOT, stdio: 'inherit' });
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}
