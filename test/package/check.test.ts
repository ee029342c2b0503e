// What can be said of the package without running it: types, lint, generated files, lock files, what each entry imports, and
// how large it is. They read dist, which npm run check builds first.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { name, version, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Of package.json's exports the modules, as they are called in dist. */
const ENTRIES = Object.values<string | { module?: string }>(exports).flatMap((each) =>
  typeof each !== 'string' && each.module ? [each.module.replace(/^\.\/dist\/(.*)\.js$/, '$1')] : [],
);
/** Those that hold an engine. */
const CORE = ['index', 'wasm', 'ts'];
/** Bytes of an entry for a browser, minified and gzipped, kernels included. The aim is 40,000. */
const SIZE_BUDGET = 44_400;
/** Files that an entry is loaded from: each costs an import 0.6 ms. */
const FILE_BUDGET = 5;
const LOCK_FILES = [
  'package-lock.json',
  'bench/peers/package-lock.json',
  '.ci/runtimes/package-lock.json',
  '.ci/arm64/package-lock.json',
  '.ci/consumers/package-lock.json',
  '.ci/bundlers/package-lock.json',
  '.ci/engines/package-lock.json',
  '.ci/next/package-lock.json',
  '.ci/docs/package-lock.json',
];

/** Throws with all that the script prints, if it fails. */
function run(script: string, ...args: string[]): void {
  try {
    execFileSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${script}: ${stdout}${stderr}`);
  }
}

/** What is imported only when it is needed: training by net.fit, its worker, the loader by createEngineAsync. */
const later: Plugin = {
  name: 'later',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

const bundle = (entry: string, options: BuildOptions) =>
  build({
    absWorkingDir: root,
    entryPoints: [`dist/${entry}.js`],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    plugins: [later],
    write: false,
    metafile: true,
    logLevel: 'silent',
    ...options,
  });

test.each(['tsconfig.json', 'tsconfig.tool.json'])('types of src: %s', (project) =>
  run('node_modules/typescript/bin/tsc', '-p', project, '--noEmit'),
);

test('what has no bitgrad/methods does without what that gives to the classes', () => {
  const entries = ['index', 'wasm', 'ts', 'train/index', 'layers/index', 'functions/index', 'model/index', 'worker'];
  const files = entries.map((entry) => `${root}src/${entry}.ts`);
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-types-'));
  try {
    const config = { extends: `${root}tsconfig.json`, compilerOptions: { noEmit: true }, include: [], files };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    run('node_modules/typescript/bin/tsc', '-p', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('types of tests, benchmarks and examples', () =>
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.dev.json'));

test('lint, format, and no import circles', () =>
  run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'));

test('generated files are those of the build', () => run('scripts/embed.mjs', '--check'));

test('the version is that of package.json', async () => {
  expect((await import(name)).version).toBe(version);
});

test.each(LOCK_FILES)(
  '%s names no registry, which would bind every reader to the one of whoever wrote it last',
  (file) => {
    expect(readFileSync(`${root}${file}`, 'utf8')).not.toContain('"resolved"');
  },
);

test.each(ENTRIES)('%s imports nothing that would have to be installed', async (entry) => {
  const { metafile } = await bundle(entry, { packages: 'external' });
  const imports = Object.values(metafile?.outputs ?? {})
    .flatMap((output) => output.imports)
    .map(({ path }) => path)
    // Our own parts, which are loaded only when they are needed.
    .filter((path) => !path.startsWith('.'));
  expect(imports).toEqual([]);
});

test('the worker is one file, without an await of the module: bundlers may make a plain script of it', async () => {
  const { metafile } = await bundle('worker', { format: 'iife', plugins: [] });
  expect(Object.keys(metafile?.inputs ?? {})).toEqual(['dist/worker.js']);
});

const builtFiles = readdirSync(`${root}dist`, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.js$/.test(file),
);
const builtText = (file: string) => readFileSync(`${root}dist/${file}`, 'utf8');

test('classes keep their names, in bundles of the package too', async () => {
  expect(builtFiles.length).toBeGreaterThan(20);
  // esbuild's name of a class that names itself inside: src/matrix/matrix.ts has the way around.
  const renamed = (text: string) => [...text.matchAll(/\bclass _\w+/g)].flat();
  // The tool's hold libraries, whose names are theirs.
  const own = builtFiles.filter((file) => !/^(tool[/\\]|cjs[/\\]data\.js$)/.test(file));
  expect(own.flatMap((file) => renamed(builtText(file)))).toEqual([]);
  const bundles = await Promise.all(ENTRIES.map((entry) => bundle(entry, {})));
  expect(bundles.flatMap(({ outputFiles }) => renamed(outputFiles?.[0].text ?? 'class _none'))).toEqual([]);
});

test('what bundlers cannot resolve is hidden from them: they warn of no import()', () => {
  const imports = builtFiles.flatMap((file) =>
    [...builtText(file).matchAll(/\bimport\((?!"|\.)[^)]*/g)].map(([argument]) => argument),
  );
  expect(imports.length).toBeGreaterThan(0);
  for (const argument of imports) {
    expect(argument).toContain('/* webpackIgnore: true */');
    expect(argument).toContain('/* @vite-ignore */');
  }
});

test.each(CORE)('%s is no larger than it may be', async (entry) => {
  const { outputFiles } = await bundle(entry, { minify: true });
  const [{ contents }] = outputFiles ?? [];
  const size = gzipSync(contents, { level: 9 }).length;
  console.log(
    `size of ${entry}: ${size} bytes minified and gzipped (${contents.length} before), budget ${SIZE_BUDGET}`,
  );
  expect(size).toBeLessThanOrEqual(SIZE_BUDGET);
});

/** Bytes of a bundle of one export, in the same way: of the functions, of what has no engine. */
test.each([
  ['index', 'sigmoid', 30_400],
  ['wasm', 'sigmoid', 25_400],
  ['ts', 'sigmoid', 16_300],
  ['index', 'random', 6_600],
])('%s with { %s } alone brings no networks', async (entry, imported, budget) => {
  const { outputFiles } = await bundle(entry, {
    entryPoints: undefined,
    stdin: { contents: `export { ${imported} } from './dist/${entry}.js'`, resolveDir: root },
    minify: true,
  });
  const [{ contents, text }] = outputFiles ?? [];
  const size = gzipSync(contents, { level: 9 }).length;
  console.log(`size of { ${imported} } from ${entry}: ${size} bytes minified and gzipped, budget ${budget}`);
  expect(text).not.toContain('glorotUniform');
  expect(size).toBeLessThanOrEqual(budget);
});

test.each(CORE)('%s is loaded from few files', async (entry) => {
  const { metafile } = await bundle(entry, { packages: 'external' });
  expect(Object.keys(metafile?.inputs ?? {}).length).toBeLessThanOrEqual(FILE_BUDGET);
});
