// What sets that compare with other libraries run first: installs those into bench/peers and bundles TensorFlow.js. Where it
// cannot, it says so and the benchmark goes on without them.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const INSTALLED = `${root}bench/peers/node_modules/.package-lock.json`;
const BUNDLE = `${root}build/peers/tfjs.cjs`;

/** As in scripts/setup.mjs: npm keeps what it installed in that file. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(`${root}bench/peers/package-lock.json`, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { integrity, optional }]) => path === '' || optional || installed[path]?.integrity === integrity,
  );
}

function install() {
  console.log('bitgrad: npm ci in bench/peers');
  const args = ['ci', '--prefix', `${root}bench/peers`, '--ignore-scripts', '--no-audit', '--no-fund'];
  // The npm that runs this, if one does: on Windows a bare "npm" is a shell script.
  const npm = process.env.npm_execpath ?? '';
  const known = /npm-cli\.c?js$/.test(npm);
  const { status } = known
    ? spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit' })
    : spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('npm ci in bench/peers failed');
}

/** What a bundler makes of it for browsers: the entry of tfjs-core that Node takes leaves the gradients out. */
const TFJS = `
export * from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
export { layers, sequential } from '@tensorflow/tfjs-layers';
export { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
`;

async function bundle() {
  if (existsSync(BUNDLE) && statSync(BUNDLE).mtimeMs > statSync(INSTALLED).mtimeMs) return;
  await build({
    stdin: { contents: TFJS, resolveDir: `${root}bench/peers` },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    mainFields: ['module', 'main'],
    outfile: BUNDLE,
    logLevel: 'error',
  });
}

export async function setUp() {
  try {
    if (!isInstalled()) install();
    await bundle();
  } catch (error) {
    console.error(
      `bitgrad: ${error instanceof Error ? error.message : error}; the benchmark goes on with what is there`,
    );
  }
}
