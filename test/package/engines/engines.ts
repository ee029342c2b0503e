// Engines that have little: where they are, and the package made ready for them.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { type Packed, packAndInstall, root } from '../packed.js';

export const MODULES = join(root, '.ci/engines/node_modules');
const RUNTIMES = join(root, '.ci/runtimes/node_modules');

export const QUICKJS = join(MODULES, 'quickjs-emscripten');
export const HERMES = join(MODULES, 'hermes-engine-cli/linux64-bin/hermes');
export const WORKERD = join(MODULES, '@cloudflare/workerd-linux-64/bin/workerd');
export const DENO = join(RUNTIMES, '@deno/linux-x64-glibc/deno');

/** Whether a test is to be skipped: its engine is not installed, and need not be. */
export const missing = (engine: string): boolean => !process.env.CI && !existsSync(engine);

const exec = promisify(execFile);

/** What a program prints. @throws all that it says, if it fails */
export async function output(program: string, args: string[], options: object = {}): Promise<string> {
  return (await exec(program, args, { maxBuffer: 1 << 26, ...options })).stdout;
}

/** The tarball, installed in a project of its own, beside the programs and what they import. */
export function prepare(): Packed {
  const packed = packAndInstall();
  cpSync(fileURLToPath(new URL('programs', import.meta.url)), packed.project, { recursive: true });
  cpSync(join(root, 'test/golden.mjs'), join(packed.project, 'golden.mjs'));
  return packed;
}

/** Of golden.mjs as a program; here it is none. */
const NODE_ALONE = ['readFileSync', 'realpathSync', 'writeFileSync', 'pathToFileURL'];

/** A program and all that it imports in one file, `out` in a folder of the project. */
export async function bundle(
  { project }: Packed,
  program: string,
  out: string,
  options: BuildOptions,
): Promise<string> {
  const folder = join(project, 'bundled');
  mkdirSync(folder, { recursive: true });
  const stub = join(folder, 'node-alone.js');
  writeFileSync(stub, NODE_ALONE.map((name) => `export const ${name} = undefined;`).join('\n'));
  const outfile = join(folder, out);
  const { warnings } = await build({
    absWorkingDir: project,
    entryPoints: [program],
    bundle: true,
    outfile,
    platform: 'neutral',
    nodePaths: [join(root, 'node_modules')],
    alias: { 'node:fs': stub, 'node:url': stub },
    logLevel: 'error',
    ...options,
  });
  const serious = warnings.filter(({ id }) => id !== 'empty-import-meta');
  if (serious.length > 0) throw new Error(JSON.stringify(serious));
  return outfile;
}
