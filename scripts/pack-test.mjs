// npm run test:pack: what a user gets. Packs, installs the tarball in an empty project, and uses it from there.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './sources.mjs';

const here = fileURLToPath(root);
process.chdir(here);

const CONTENT =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/.+\.md|dist\/.+\.(js|d\.ts)|dist\/kernels\.wasm)$/;
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
const failed = [];

function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${error?.message ?? ''}\n${stdout}${stderr}`);
  return stdout;
}

const node = (args, cwd = project) => run(process.execPath, args, { cwd });
const tool = (name, ...args) => node([`node_modules/${name}`, ...args], here);

function npm(args, cwd) {
  const cli = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(cli)) return node([cli, ...args], cwd);
  return run('npm', args, { cwd, shell: process.platform === 'win32' });
}

function step(title, test) {
  try {
    const text = test();
    console.log(`ok      ${title}${text ? `: ${text}` : ''}`);
    return true;
  } catch (error) {
    failed.push(title);
    console.log(`FAILED  ${title}: ${error.message}`);
    return false;
  }
}

let tarball;

function pack() {
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', temp], here));
  tarball = join(temp, packed.filename);
  const paths = packed.files.map((file) => file.path);
  const surplus = paths.filter((path) => !CONTENT.test(path));
  if (surplus.length > 0) throw new Error(`the tarball must not hold ${surplus.join(', ')}`);
  for (const path of ['README.md', 'LICENSE', 'docs/network.md', 'dist/kernels.wasm', 'dist/training.wasm']) {
    if (!paths.includes(path)) throw new Error(`the tarball lacks ${path}`);
  }
  return `${packed.filename}, ${paths.length} files, ${packed.size} bytes, ${packed.unpackedSize} unpacked`;
}

function install() {
  cpSync('scripts/consumer', project, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  npm(['install', tarball, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], project);
  const { packages } = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'));
  return Object.keys(packages).join(', ');
}

function compileTypes(options) {
  const config = {
    compilerOptions: { ...options, target: 'ES2022', strict: true, noEmit: true, skipLibCheck: false },
    files: ['consumer.mts'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  tool('typescript/bin/tsc', '-p', project);
}

/** Milliseconds that a fresh process takes to import an entry and return a first result: median of several. */
function firstResult(entry) {
  const times = Array.from({ length: STARTS }, () => Number(node(['first-result.mjs', entry]))).sort((a, b) => a - b);
  return times[(STARTS - 1) / 2];
}

try {
  if (step('pack', pack) && step('install', install)) {
    step('import from ESM', () => node(['smoke.mjs']));
    step(`${process.features.require_module ? 'require()' : 'import()'} from CommonJS`, () => node(['smoke.cjs']));
    for (const [name, options] of Object.entries(TYPE_CONFIGS)) step(`types, ${name}`, () => compileTypes(options));
    step('publint', () => {
      tool('publint/src/cli.js', 'run', tarball, '--strict');
    });
    step('are the types wrong', () => {
      const attw = '@arethetypeswrong/cli/dist/index.js';
      tool(
        attw,
        tarball,
        '--profile',
        'esm-only',
        '--exclude-entrypoints',
        './kernels.wasm',
        './training.wasm',
        '--format',
        'ascii',
      );
    });
    for (const entry of ['bitgrad', 'bitgrad/wasm', 'bitgrad/ts']) {
      step(`import and first result of ${entry}`, () => {
        return `${firstResult(entry).toFixed(1)} ms, median of ${STARTS} (target under ${START_TARGET_MS})`;
      });
    }
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}
console.log(failed.length === 0 ? 'pack: all passed' : `pack: ${failed.length} failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
