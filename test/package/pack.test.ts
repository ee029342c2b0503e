// What a user gets: packs, installs the tarball in an empty project, and uses it from there.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const CONTENT =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/.+\.md|dist\/.+\.(js|d\.ts)|dist\/(kernels|layers|training)\.wasm)$/;
const WANTED = ['README.md', 'LICENSE', 'docs/network.md', 'dist/kernels.wasm', 'dist/training.wasm'];
const STARTS = 9;
const START_TARGET_MS = 10;

/** Compilers' views of the package. The second is a Node program with no @types at all. */
const TYPE_CONFIGS = {
  'NodeNext with DOM': { module: 'NodeNext', lib: ['ES2022', 'DOM'], types: [] },
  'NodeNext without DOM': { module: 'NodeNext', lib: ['ES2022'], types: [] },
  'bundler, newest library': { module: 'ESNext', moduleResolution: 'Bundler', lib: ['ESNext', 'DOM'], types: [] },
};

const temp = mkdtempSync(join(tmpdir(), 'bitgrad-pack-'));
const project = join(temp, 'project');
let tarball = '';
let paths: string[] = [];

function run(command: string, args: readonly string[], cwd: string, shell = false): string {
  try {
    return execFileSync(command, args, { cwd, shell, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${args.join(' ')} failed: ${stdout ?? ''}${stderr ?? message}`);
  }
}

const node = (args: readonly string[], cwd = project) => run(process.execPath, args, cwd);
const tool = (name: string, ...args: string[]) => node([`node_modules/${name}`, ...args], root);

function npm(args: readonly string[], cwd: string): string {
  const cli = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(cli)) return node([cli, ...args], cwd);
  return run('npm', args, cwd, process.platform === 'win32');
}

beforeAll(() => {
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', temp], root));
  tarball = join(temp, packed.filename);
  paths = packed.files.map(({ path }: { path: string }) => path);
  console.log(`${packed.filename}: ${paths.length} files, ${packed.size} bytes, ${packed.unpackedSize} unpacked`);
  cpSync(fileURLToPath(new URL('consumer', import.meta.url)), project, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  npm(['install', tarball, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], project);
}, 120_000);

afterAll(() => rmSync(temp, { recursive: true, force: true }));

test('the tarball holds what it should, and nothing else', () => {
  expect(paths.filter((path) => !CONTENT.test(path))).toEqual([]);
  expect(paths).toEqual(expect.arrayContaining(WANTED));
});

test('it brings nothing else along', () => {
  const { packages } = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'));
  expect(Object.keys(packages).sort()).toEqual(['node_modules/bitgrad']);
});

test('import from ESM', () => {
  node(['smoke.mjs']);
});

test('from CommonJS: require() where the host can, else import()', () => {
  node(['smoke.cjs']);
});

test.each(Object.entries(TYPE_CONFIGS))('types, %s', (_, options) => {
  const config = {
    compilerOptions: { ...options, target: 'ES2022', strict: true, noEmit: true, skipLibCheck: false },
    files: ['consumer.mts'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  tool('typescript/bin/tsc', '-p', project);
});

describe('linters of packages', () => {
  test('publint', () => {
    tool('publint/src/cli.js', 'run', tarball, '--strict');
  });

  test('are the types wrong', () => {
    const modules = ['./kernels.wasm', './layers.wasm', './training.wasm'];
    const options = ['--profile', 'esm-only', '--exclude-entrypoints', ...modules, '--format', 'ascii'];
    tool('@arethetypeswrong/cli/dist/index.js', tarball, ...options);
  });
});

test.each(['bitgrad', 'bitgrad/wasm', 'bitgrad/ts'])('import and first result of %s', (entry) => {
  const times = Array.from({ length: STARTS }, () => Number(node(['first-result.mjs', entry]))).sort((a, b) => a - b);
  const median = times[(STARTS - 1) / 2];
  console.log(
    `import and first result of ${entry}: ${median.toFixed(1)} ms, median of ${STARTS} (target ${START_TARGET_MS})`,
  );
  expect(median).toBeGreaterThan(0);
});
