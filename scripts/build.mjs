// npm run build: tables and assembly/ -> build/*.wasm -> the embedded bytes in src/ -> dist/.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { writeCommonJS, writeTypes } from './commonjs.mjs';
import { make, makeDecoder, writeGenerated } from './embed.mjs';
import { makePortable } from './portable.mjs';
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

/**
 * The rooms above the faces: what bitgrad/data and the command line are made of. They import the package as any program does, and what else they
 * need is bundled. The report is a file that the command line loads when it writes one: charts are 0.9 MB.
 */
const TOOL = { data: 'tables/index', cli: 'cli/index', report: 'report/index' };
/** Faces stay imports: one copy of every class. @param to the package's files, as seen from what is built */
const overFaces = (to) => ({
  name: 'over-faces',
  setup({ onResolve }) {
    const faces = new Map(Object.entries(ENTRIES).map(([name, file]) => [`${fileURLToPath(root)}src/${file}`, name]));
    onResolve({ filter: /^\.\.\/.*\.js$/ }, ({ path, resolveDir }) => {
      const face = faces.get(join(resolveDir, path).slice(0, -3));
      return face && { path: `${to}${face}.js`, external: true };
    });
  },
});

/** linkedom reads style sheets with it, of which charts have none: a quarter of the report's file. */
const withoutStyleSheets = {
  name: 'without-style-sheets',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^cssomnom/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export const parse = undefined;' }));
  },
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

writeGenerated([await makePortable()]);

/** The packages of which there is something in what was built. */
const packagesOf = (metafiles) => {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const names = inputs.map((file) => /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[0]);
  return [...new Set(names.filter((name) => name))].sort();
};

/** Of what is bundled. */
function licenses(metafiles) {
  return packagesOf(metafiles)
    .map((folder) => {
      const name = folder.replace(/^.*node_modules\/(.*)\/$/, '$1');
      // The loader ships no text of its own, but is part of AssemblyScript.
      const from = name === '@assemblyscript/loader' ? 'node_modules/assemblyscript' : folder;
      const file = readdirSync(from).find((each) => /^licen[cs]e/i.test(each));
      const { license } = JSON.parse(readFileSync(`${from}/package.json`, 'utf8'));
      return `${name}\n\n${file ? readFileSync(`${from}/${file}`, 'utf8') : `${license}\n`}`;
    })
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

const REQUIRE = "import { createRequire as requireOf } from 'node:module';const require = requireOf(import.meta.url);";

/** How the worker is made where hosts are given its text. Names stay, for stack traces; without lines it is a quarter smaller. */
const SCRIPT = { format: 'iife', minifyWhitespace: true };

/** A module of either kind may import it. package.json's "browser" leaves it out of pages. */
function writeText(path, { outputFiles: [{ text }] }) {
  writeFileSync(path, `exports.source = ${JSON.stringify(text)};\n`);
}

// All goes beside dist and is moved in at once: a program that runs meanwhile never sees half a build.
const fresh = `dist-${process.pid}`;
try {
  for (const project of ['tsconfig.json', 'tsconfig.tool.json']) {
    const tsc = ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', `${fresh}/cjs`];
    const { status } = spawnSync(process.execPath, tsc, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`tsc failed with exit code ${status}`);
  }
  // Nobody imports them.
  for (const room of ['cli', 'report', 'export']) rmSync(`${fresh}/cjs/${room}`, { recursive: true });
  const common = {
    outdir: fresh,
    // What is imported is a devDependency, and goes in: nothing more is installed with the package.
    bundle: true,
    metafile: true,
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
  const entries = await build({
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
  // For Node. Each library is a file of its own, which is read when a command needs it.
  const tool = { ...common, platform: 'node', minifyWhitespace: true, sourcemap: false };
  const files = Object.entries(TOOL).map(([out, path]) => ({ in: `src/${path}.ts`, out }));
  const esm = await build({
    ...tool,
    entryPoints: files,
    outdir: `${fresh}/tool`,
    splitting: true,
    chunkNames: '[name]-[hash]',
    plugins: [overFaces('../'), withoutStyleSheets],
    // Libraries in CommonJS ask for Node's modules.
    banner: { js: REQUIRE },
  });
  // What `bitgrad demo` learns from, and whose it is.
  writeFileSync(`${fresh}/tool/digits.csv.gz`, gzipSync(readFileSync('examples/data/digits.csv'), { level: 9 }));
  copyFileSync('examples/data/README.md', `${fresh}/tool/digits.md`);
  const cjs = { outdir: `${fresh}/cjs`, format: 'cjs', plugins: [overFaces('./')] };
  await build({ ...tool, ...cjs, entryPoints: files.filter(({ out }) => out === 'data') });
  writeTypes(fresh, { ...ENTRIES, worker: 'worker', data: TOOL.data });
  for (const { pack, file } of MODULES) copyFileSync(`build/${pack}.wasm`, `${fresh}/${file}`);
  writeFileSync(`${fresh}/LICENSES.txt`, licenses([entries.metafile, esm.metafile]));
  rmSync('dist', { recursive: true, force: true });
  renameSync(fresh, 'dist');
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  console.error(error.message);
  process.exit(1);
}
writeFileSync('build/stamp', `${sources} ${hashFiles(GENERATED)}`);
