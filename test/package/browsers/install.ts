// The tarball, installed in an empty project with a page and a program, as a user has it.

import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from './site.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const exec = promisify(execFile);

export const BUILD = join(root, '.ci/bundlers/build.mjs');
/** Whether the bundlers are there; where they must be, they count as such. */
export const BUNDLERS = Boolean(process.env.CI) || existsSync(join(root, '.ci/bundlers/node_modules'));

/** Trainings with less are not worth a worker. */
export const WORTH_A_WORKER = { epochs: 2000 };

export class Project {
  readonly temp = mkdtempSync(join(tmpdir(), 'bitgrad-bundled-'));
  readonly folder = join(this.temp, 'project');

  async install(): Promise<void> {
    cpSync(fileURLToPath(new URL('project', import.meta.url)), this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'page', private: true, type: 'module' }));
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', this.temp];
    const [{ filename }] = JSON.parse((await exec('npm', pack, { cwd: root })).stdout);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    await exec('npm', ['install', join(this.temp, filename), ...flags], { cwd: this.folder });
  }

  /**
   * The same with addresses instead of names, for realms that import maps do not reach: the folder that it is in.
   *
   * @param dist where the package is
   */
  resolve(name: string, dist = './node_modules/bitgrad/dist'): string {
    const out = join(this.temp, name);
    mkdirSync(out);
    symlinkSync(join(this.folder, 'node_modules'), join(out, 'node_modules'));
    copyFileSync(join(root, 'examples/data/digits.csv'), join(out, 'digits.csv'));
    const files = readdirSync(this.folder).map((file) => join(this.folder, file));
    for (const file of [...files, join(root, 'test/golden.mjs')]) {
      if (!/\.(m?js|html)$/.test(file)) continue;
      const named = readFileSync(file, 'utf8');
      const text = named.replace(/'bitgrad(?:\/(\w+))?'/g, (_, entry = 'index') => `'${dist}/${entry}.js'`);
      writeFileSync(join(out, basename(file)), text);
    }
    return out;
  }

  /** What a bundler makes of it, in a folder of that name. @throws what it says */
  async bundle(bundler: string): Promise<string> {
    const out = join(this.temp, bundler);
    await this.bundleAll(bundler, [this.folder, out]);
    return out;
  }

  /** @param folders of pages, each followed by what it is to be put into */
  async bundleAll(bundler: string, folders: string[]): Promise<void> {
    await exec(process.execPath, [BUILD, bundler, ...folders], { cwd: this.folder });
  }

  /** What a program, as program.js, reports in Node. */
  async run(program: string, options: object): Promise<Report> {
    const { stdout } = await exec(process.execPath, [program, JSON.stringify(options)], { cwd: this.temp });
    return JSON.parse(stdout);
  }

  remove(): void {
    rmSync(this.temp, { recursive: true, force: true });
  }
}
