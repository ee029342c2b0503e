// Whoever uses the package: their compilers, and the test runners that give each test a realm of its own.

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consumerModules, node, type Packed, packAndInstall, root } from './packed.js';

let packed: Packed;
let modules = '';

beforeAll(() => {
  packed = packAndInstall();
  modules = consumerModules();
  // One text as a module of each kind.
  for (const name of ['consumer.ts', 'consumer.cts']) {
    copyFileSync(join(packed.project, 'consumer.mts'), join(packed.project, name));
  }
}, 180_000);

afterAll(() => packed.remove());

describe('types', () => {
  const own = join(root, 'node_modules/typescript/bin/tsc');
  const COMPILERS: Record<string, () => string> = {
    'TypeScript 5.2': () => join(modules, 'typescript-5.2/bin/tsc'),
    'TypeScript 5.9': () => join(modules, 'typescript-5.9/bin/tsc'),
    'this TypeScript': () => own,
  };
  const both = ['consumer.mts', 'consumer.cts'];
  /** Without a library for the web: a Node program that has no @types at all. */
  const VIEWS: [string, object, string[]][] = [
    ['node10', { module: 'CommonJS', moduleResolution: 'node10' }, ['consumer.ts']],
    ['node16', { module: 'Node16' }, both],
    ['nodenext', { module: 'NodeNext' }, [...both, 'types.mts']],
    ['nodenext with DOM', { module: 'NodeNext', lib: ['ES2022', 'DOM'] }, [...both, 'dom.mts']],
    ['bundler', { module: 'ESNext', moduleResolution: 'Bundler' }, ['consumer.ts', 'consumer.mts']],
    [
      'bundler, newest library',
      { module: 'ESNext', moduleResolution: 'Bundler', lib: ['ESNext', 'DOM'] },
      ['consumer.ts', 'dom.mts'],
    ],
  ];
  describe.each(Object.entries(COMPILERS))('%s', (name, compiler) => {
    // TypeScript 7 has no node10 any more; others read the web's library, which takes 7 s, once.
    const left = name === 'this TypeScript' ? 'node10' : 'nodenext with DOM';
    const views = VIEWS.filter(([view]) => view !== left);
    test.each(views)('%s', (_, options, files) => {
      const compilerOptions = { lib: ['ES2022'], types: [], target: 'ES2022', strict: true, noEmit: true };
      const config = { compilerOptions: { ...compilerOptions, skipLibCheck: false, ...options }, files };
      writeFileSync(join(packed.project, 'tsconfig.json'), JSON.stringify(config));
      node([compiler(), '-p', packed.project], packed.project);
    });
  });
});

describe('Jest', () => {
  test.each([
    ['commonjs', []],
    ['modules', ['--experimental-vm-modules']],
    ['jsdom', []],
  ])('%s, with Babel and without', (kind, flags) => {
    const args = [...flags, join(modules, 'jest/bin/jest.js'), '-c', 'runners/jest.config.cjs', '--json'];
    const report = node(args, packed.project, { JEST_MODULES: modules, JEST_KIND: kind });
    expect(JSON.parse(report)).toMatchObject({ numPassedTests: 2, numTotalTests: 2 });
  });
});

test.each(['threads', 'forks', 'vmThreads', 'vmForks'])('vitest, %s', (pool) => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', 'runners/import', '--root', '.', '--globals', '--pool', pool, '--reporter', 'json'];
  expect(JSON.parse(node(args, packed.project))).toMatchObject({ numPassedTests: 1, numTotalTests: 1 });
});

test.each(['browser', 'node'] as const)(
  'a bundle for %s has one copy, whichever way it is asked for',
  async (platform) => {
    const outfile = join(packed.project, `bundle-${platform}.mjs`);
    const contents = `import { Matrix } from 'bitgrad';
    import { MLPClassifier } from 'bitgrad/model';
    console.log(Matrix === require('bitgrad').Matrix, MLPClassifier === require('bitgrad/model').MLPClassifier);`;
    const stdin = { contents, resolveDir: packed.project };
    const { warnings } = await build({
      stdin,
      bundle: true,
      format: 'esm',
      platform,
      outfile,
      external: ['@assemblyscript/loader'],
    });
    expect(warnings).toEqual([]);
    expect(node([outfile], packed.project)).toBe('true true\n');
  },
);
