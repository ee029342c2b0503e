// What npm start and npm test run first: installs and builds if needed, and says so. Silent when nothing changed.
// Node's own modules only: nothing is installed yet.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GENERATED, hashFiles, hashSources, root } from './sources.mjs';

process.chdir(fileURLToPath(root));

function fail(message) {
  console.error(`bitgrad: ${message}`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node 20 or newer is needed, this is ${process.versions.node}`);
}

/** Why npm ci is needed, or undefined. npm keeps what it installed in node_modules/.package-lock.json. */
function reasonToInstall() {
  if (!existsSync('node_modules/.package-lock.json')) return 'nothing is installed yet';
  const installed = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')).packages;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  for (const [path, { version, integrity, optional }] of Object.entries(wanted)) {
    // Optional packages are other platforms' binaries; the nameless one is this package.
    if (path === '' || optional) continue;
    if (installed[path]?.version !== version || installed[path]?.integrity !== integrity) {
      return `package-lock.json wants ${path.replace(/^.*node_modules\//, '')} ${version}`;
    }
  }
  return undefined;
}

/** Why a build is needed, or undefined. */
function reasonToBuild() {
  if (!existsSync('dist/index.js') || !existsSync('dist/training.wasm') || !existsSync('build/stamp')) {
    return 'there is no build yet';
  }
  if (readFileSync('build/stamp', 'utf8') === `${hashSources()} ${hashFiles(GENERATED)}`) return undefined;
  return 'the sources have changed';
}

function run(what, reason, command, args, options) {
  console.log(`bitgrad: ${what} (${reason})`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) fail(`${what} failed${error ? `: ${error.message}` : ''}; nothing was run`);
}

const toInstall = reasonToInstall();
if (toInstall) {
  // The npm that runs this, if one does: on Windows a bare "npm" is a shell script.
  const npm = process.env.npm_execpath ?? '';
  const args = ['ci', '--no-audit', '--no-fund'];
  if (/npm-cli\.c?js$/.test(npm)) run('npm ci', toInstall, process.execPath, [npm, ...args]);
  else run('npm ci', toInstall, 'npm', args, { shell: process.platform === 'win32' });
}

const toBuild = reasonToBuild();
if (toBuild) run('npm run build', toBuild, process.execPath, ['scripts/build.mjs']);
