// What a user gets: packs, installs the tarball in an empty project, and uses it from there.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { node, type Packed, packAndInstall, root } from './packed.js';

const CONTENT =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/.+\.md|dist\/worker-text\.cjs|dist\/.+\.(js|d\.ts)|dist\/(shared\/)?[^/]+\.js\.map|dist\/cjs\/package\.json|dist\/LICENSES\.txt|dist\/tool\/digits\.(csv\.gz|md)|dist\/(kernels|layers|training)\.wasm)$/;
const WANTED = [
  'README.md',
  'LICENSE',
  'docs/network.md',
  'dist/LICENSES.txt',
  'dist/kernels.wasm',
  'dist/training.wasm',
  'dist/index.js.map',
  'dist/worker-text.cjs',
  'dist/tool/cli.js',
  'dist/tool/digits.csv.gz',
];
const STARTS = 9;
const START_TARGET_MS = 10;

let packed: Packed;

const run = (...args: string[]) => node(args, packed.project);
const tool = (name: string, ...args: string[]) => node([`node_modules/${name}`, ...args], root);

beforeAll(() => {
  packed = packAndInstall();
}, 120_000);

afterAll(() => packed.remove());

test('the tarball holds what it should, and nothing else', () => {
  expect(packed.paths.filter((path) => !CONTENT.test(path))).toEqual([]);
  expect(packed.paths).toEqual(expect.arrayContaining(WANTED));
});

test('it brings nothing else along', () => {
  const { packages } = JSON.parse(readFileSync(join(packed.project, 'node_modules/.package-lock.json'), 'utf8'));
  expect(Object.keys(packages).sort()).toEqual(['node_modules/bitgrad']);
});

test('import from ESM', () => {
  run('smoke.mjs');
});

test('from CommonJS', () => {
  run('smoke.cjs');
});

test('from CommonJS, where Node does not require() ES modules', () => {
  const flag = '--no-experimental-require-module';
  run(...(process.allowedNodeEnvironmentFlags.has('--experimental-require-module') ? [flag] : []), 'smoke.cjs');
});

test.each([
  ['ES modules', "const bitgrad = await import('bitgrad');"],
  [
    'CommonJS',
    "const bitgrad = process.getBuiltinModule('module').createRequire(process.cwd() + '/x.js')('./node_modules/bitgrad/dist/cjs/index.js');",
  ],
])('a stack leads to the sources, and names functions and classes: %s', (_, load) => {
  const program = `${load} class Mine extends bitgrad.Matrix {}
    try { bitgrad.engine.network({ inputs: 1, layers: [1] }).forward(new Mine(1, 2, new Float64Array(2))); } catch (error) {
      console.log(error.stack);
    }`;
  const stack = (...flags: string[]) => run(...flags, '--input-type=module', '-e', program);
  expect(stack('--enable-source-maps')).toMatch(/at .*\bRows\.parse .*src\/matrix\/rows\.ts:\d+:\d+/);
  expect(stack()).toMatch(/at .*\bRows\.parse .*dist\/(cjs\/)?shared\/\w+\.js:\d+:\d+/);
});

describe('linters of packages', () => {
  test('publint', () => {
    tool('publint/src/cli.js', 'run', packed.tarball, '--strict');
  });

  test('are the types wrong', () => {
    tool('@arethetypeswrong/cli/dist/index.js', packed.tarball, '--format', 'ascii');
  });
});

test.each(['bitgrad', 'bitgrad/wasm', 'bitgrad/ts'])('import and first result of %s', (entry) => {
  const times = Array.from({ length: STARTS }, () => Number(run('first-result.mjs', entry))).sort((a, b) => a - b);
  const median = times[(STARTS - 1) / 2];
  console.log(
    `import and first result of ${entry}: ${median.toFixed(1)} ms, median of ${STARTS} (target ${START_TARGET_MS})`,
  );
  expect(median).toBeGreaterThan(0);
});
