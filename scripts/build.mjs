// npm run build: tables and assembly/ -> build/*.wasm -> the embedded bytes in src/ -> dist/.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeCommonJS, writeTypes } from './commonjs.mjs';
import { make, makeDecoder, writeGenerated } from './embed.mjs';
import { GENERATED, hashFiles, hashSources, MODULES, root } from './sources.mjs';

process.chdir(fileURLToPath(root));

/** The package's entries, and their files in src. wasm is last, and so its bytes in what imports all: they are longer than gzip looks back. */
const ENTRIES = {
  index: 'index',
  ts: 'ts',
  layers: 'layers/index',
  functions: 'functions/index',
  methods: 'methods',
  train: 'train/index',
  model: 'model/index',
  wasm: 'wasm',
};

/**
 * esbuild makes a file for each set of modules that the same entries share, and each file costs an import 0.6 ms (measured). So
 * that there are few, entries take more of what they share than they need, which a bundler leaves out again: these modules, and
 * what those import. Keys are entries, and what is loaded later.
 */
const LATER = { background: 'train/background/background', trainer: 'train/train' };
const EVERY = ['common', 'engine', 'backend/backend', 'host/pressure', 'kernels/constants'];
/** They all know further layers or train, which takes a part of the TypeScript backend: they take it whole. */
const WITH_TS = ['layers', 'functions', 'train', 'model', ...Object.keys(LATER)];
const together = {
  name: 'together',
  setup({ onLoad, onResolve }) {
    const path = (name) => fileURLToPath(new URL(`src/${name}.ts`, root));
    const names = new Map(Object.entries({ ...ENTRIES, ...LATER }).map(([name, file]) => [path(file), name]));
    onLoad({ filter: /\.ts$/ }, (file) => {
      const name = names.get(file.path);
      if (!name) return undefined;
      const more = WITH_TS.includes(name) ? [...EVERY, 'backend/ts/index'] : EVERY;
      const imports = more.map((each) => `import 'together:${each}';`);
      return { contents: [readFileSync(file.path, 'utf8'), ...imports].join('\n'), loader: 'ts' };
    });
    onResolve({ filter: /^together:/ }, ({ path: name }) => ({ path: path(name.slice(9)), sideEffects: true }));
    // The main entry is a file of its own, for who imports what it alone holds.
    onResolve({ filter: /^\.\.\/automatic-engine\.js$/ }, () => ({ path: './index.js', external: true }));
  },
};
/** What makes threads is a file by itself, as seen from `shared/`. */
const apart = {
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/parallel\/create\.js$/ }, () => ({ path: '../parallel.js', external: true })),
};
const sources = hashSources();

mkdirSync('build', { recursive: true });
// First: what it reads is read back.
writeGenerated([await makeDecoder()]);
for (const module of MODULES) {
  const { generated, files } = await make(module);
  for (const [name, contents] of files) writeFileSync(name, contents);
  writeGenerated(generated);
}

/** Of what is bundled: the loader ships no text of its own, but is part of AssemblyScript. */
function licenses() {
  const texts = { '@assemblyscript/loader': 'assemblyscript', '@noble/hashes': '@noble/hashes' };
  return Object.entries(texts)
    .map(([name, from]) => `${name}\n\n${readFileSync(`node_modules/${from}/LICENSE`, 'utf8')}`)
    .join('\n\n');
}

/** Comments that take lines of their own become empty lines: they cost an import 3 %, and the sources in the maps have them. */
function dropComments(folder) {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.js'))) {
    const code = readFileSync(`${folder}/${name}`, 'utf8');
    const left = code.replace(/^ *(\/\*\*[\s\S]*?\*\/|\/\/ .*)$/gm, (comment) => comment.replace(/[^\n]/g, ''));
    writeFileSync(`${folder}/${name}`, left);
  }
}

/** How the worker is made where hosts are given its text. Names stay, for stack traces; without lines it is a quarter smaller. */
const SCRIPT = { format: 'iife', minifyWhitespace: true };

/** A module of either kind may import it. package.json's "browser" leaves it out of pages. */
function writeText(path, { outputFiles: [{ text }] }) {
  writeFileSync(path, `exports.source = ${JSON.stringify(text)};\n`);
}

// All goes beside dist and is moved in at once: a program that runs meanwhile never sees half a build.
const fresh = `dist-${process.pid}`;
try {
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', `${fresh}/cjs`];
  const { status } = spawnSync(process.execPath, tsc, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`tsc failed with exit code ${status}`);
  const common = {
    outdir: fresh,
    // What is imported is a devDependency, and goes in: nothing more is installed with the package.
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    // Names and lines stay readable in stack traces, and comments of import() for bundlers are kept: it costs 15 KB of the
    // tarball, and 0.05 to 0.4 ms of an import (measured).
    minifySyntax: true,
    // The sources are in the maps: whoever serves or bundles a file needs no other. The tarball of 940 KB is 325 KB larger by them.
    sourcemap: true,
  };
  // One file for each set of modules that the same entries share: import takes 8 ms, not the 18 ms of a file for each
  // module (Node 20, measured), and a class is the same object in every entry.
  await build({
    ...common,
    entryPoints: [
      ...Object.entries(ENTRIES).map(([out, path]) => ({ in: `src/${path}.ts`, out })),
      // Lies beside the worker that it starts by that address.
      { in: 'src/train/background/background.ts', out: 'background' },
    ],
    external: ['./worker-text.cjs'],
    splitting: true,
    chunkNames: 'shared/[hash]',
    plugins: [together, apart],
    // They go for the files that there are.
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  // All in one file, of which nothing is shared with the entries: it is loaded by require(), too, in the midst of a call.
  await build({
    ...common,
    entryPoints: [{ in: 'src/parallel/create.ts', out: 'parallel' }],
    external: ['./worker-text.cjs'],
  });
  // All in one file, without the sources once more: bundlers copy a worker, import maps do not reach it, and hosts start it from anywhere.
  const worker = { ...common, entryPoints: ['src/worker.ts'], sourcemap: false };
  await build(worker);
  writeText(`${fresh}/worker-text.cjs`, await build({ ...worker, ...SCRIPT, write: false }));
  for (const folder of [fresh, `${fresh}/shared`]) dropComments(folder);
  writeCommonJS(fresh);
  writeTypes(fresh, { ...ENTRIES, worker: 'worker' });
  for (const { pack, file } of MODULES) copyFileSync(`build/${pack}.wasm`, `${fresh}/${file}`);
  writeFileSync(`${fresh}/LICENSES.txt`, licenses());
  rmSync('dist', { recursive: true, force: true });
  renameSync(fresh, 'dist');
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  console.error(error.message);
  process.exit(1);
}
writeFileSync('build/stamp', `${sources} ${hashFiles(GENERATED)}`);
