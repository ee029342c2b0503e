// A project with the tarball and the programs of project/, and the runtimes that they run on.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packAndInstall, root } from '../packed.js';

export const exec = promisify(execFile);
const RUNTIMES = join(root, '.ci/runtimes');
const installed = (path: string) => join(RUNTIMES, 'node_modules', path);

/** Whether runtimes are there (npm ci --prefix .ci/runtimes --ignore-scripts); where they must be, they count as such. */
export const HAS_RUNTIMES = Boolean(process.env.CI) || existsSync(installed('.'));
export const BUN = installed('@oven/bun-linux-x64/bin/bun');
export const DENO = installed('@deno/linux-x64-glibc/deno');
export const POSTJECT = installed('.bin/postject');

const { dependencies } = JSON.parse(readFileSync(join(RUNTIMES, 'package.json'), 'utf8'));
const names = Object.keys(dependencies).filter((name) => name.startsWith('node'));
/** [name, path] of all but the one that runs this. */
export const NODES = names.map((name): [string, string] => [
  name.replace('node', 'Node '),
  installed(`${name}/bin/node`),
]);

/** What a program says of one backend, or of an error. */
interface Said {
  readonly ran: { where: string; backend: string; reason?: string };
  readonly hash: string;
}
type Report = { wasm: Said; ts: Said } | { error: string; cause?: string };

/** Trainings with less are not worth a worker. */
export const WORTH_A_WORKER = { epochs: 2000 };
export const INSISTED = { background: true };

/** Runs a program, as program.js, somewhere. @throws all that it says, if it fails */
export async function run(command: readonly string[], options: object, cwd = tmpdir()): Promise<Report> {
  const [file, ...args] = command;
  const { stdout } = await exec(file, [...args, JSON.stringify(options)], { cwd });
  return JSON.parse(stdout);
}

export class Programs {
  readonly #packed = packAndInstall();
  readonly folder = this.#packed.project;
  /** Where nothing is installed. */
  readonly out = mkdtempSync(join(tmpdir(), 'bitgrad-programs-'));

  constructor() {
    cpSync(fileURLToPath(new URL('project', import.meta.url)), this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  }

  /** What all must say: the bits of the main thread, from a worker. */
  async expected(options: object): Promise<{ wasm: Said; ts: Said }> {
    const here = await run([process.execPath, join(this.folder, 'program.js')], { ...options, background: false });
    if ('error' in here) throw new Error(here.error);
    const inWorker = (backend: 'wasm' | 'ts') => ({ ran: { where: 'worker', backend }, hash: here[backend].hash });
    return { wasm: inWorker('wasm'), ts: inWorker('ts') };
  }

  /** From here on there is nothing but what was built. */
  uninstall(): void {
    this.#packed.remove();
  }

  remove(): void {
    this.uninstall();
    rmSync(this.out, { recursive: true, force: true });
  }
}
