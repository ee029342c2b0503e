// The tarball that a user gets, and a project that has it installed.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** What users compile and test with: packages of their own, which nothing here depends on. */
const CONSUMERS = join(root, '.ci/consumers');

function run(command: string, args: readonly string[], cwd: string, options = {}): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe', ...options });
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${args.join(' ')} failed: ${stdout ?? ''}${stderr ?? message}`);
  }
}

/** Runs a program with this Node; it throws all that it prints, if it fails. */
export const node = (args: readonly string[], cwd: string, env = {}): string =>
  run(process.execPath, args, cwd, { env: { ...process.env, ...env } });

function npm(args: readonly string[], cwd: string): string {
  const cli = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(cli)) return node([cli, ...args], cwd);
  return run('npm', args, cwd, { shell: process.platform === 'win32' });
}

export interface Packed {
  readonly tarball: string;
  /** Of the files in it. */
  readonly paths: string[];
  /** test/package/consumer, with the tarball installed. */
  readonly project: string;
  remove(): void;
}

export function packAndInstall(): Packed {
  const temp = mkdtempSync(join(tmpdir(), 'bitgrad-pack-'));
  const project = join(temp, 'project');
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', temp], root));
  const { filename, files, size, unpackedSize } = packed;
  console.log(`${filename}: ${files.length} files, ${size} bytes, ${unpackedSize} unpacked`);
  const tarball = join(temp, filename);
  cpSync(fileURLToPath(new URL('consumer', import.meta.url)), project, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  npm(['install', tarball, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], project);
  const remove = () => rmSync(temp, { recursive: true, force: true });
  return { tarball, paths: files.map(({ path }: { path: string }) => path), project, remove };
}

/** Where .ci/consumers has its packages; they are installed first if they are not those of its lock file. */
export function consumerModules(): string {
  const modules = join(CONSUMERS, 'node_modules');
  const packagesOf = (file: string) => {
    const { '': _, ...packages } = JSON.parse(readFileSync(file, 'utf8')).packages;
    return Object.entries<{ version: string; optional?: boolean }>(packages).filter(([, each]) => !each.optional);
  };
  const text = (file: string) => JSON.stringify(packagesOf(file).map(([path, { version }]) => [path, version]));
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed) || text(installed) !== text(join(CONSUMERS, 'package-lock.json'))) {
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], CONSUMERS);
  }
  return modules;
}
