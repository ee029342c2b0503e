// npm run check: everything that needs no running of the code. All checks run; the summary names those that failed.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { root } from './sources.mjs';

process.chdir(fileURLToPath(root));

const ENTRIES = ['index', 'wasm', 'ts'];
/**
 * Bytes of the main entry for a browser, minified and gzipped, kernels and loader included. The aim is 40,000, which
 * bench/targets.ts measures by; 0.6 KB are what training made of it.
 */
const SIZE_BUDGET = 41_000;
/** What is imported only when it is needed: training by net.fit, its worker, the loader by createEngineAsync. */
const later = {
  name: 'later',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};
const ALLOWED_IMPORTS = ['@assemblyscript/loader'];

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const failed = [];

async function check(title, test) {
  try {
    const text = await test();
    console.log(`ok      ${title}${text ? `: ${text}` : ''}`);
  } catch (error) {
    failed.push(title);
    console.log(`FAILED  ${title}: ${error.message}`);
  }
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`exit code ${status}, see above`);
}

function insist(condition, message) {
  if (!condition) throw new Error(message);
}

const bundle = (entry, options) =>
  build({
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

await check('types of src', () => run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'));
await check('types of tests, benchmarks and examples', () =>
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.dev.json'),
);
await check('lint and format', () => run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'));
await check('generated files', () => run('scripts/embed.mjs', '--check'));

await check('version', async () => {
  const built = (await import(name)).version;
  insist(built === version, `src/version.ts says ${built}, package.json ${version}`);
  return version;
});

await check('lock files', () => {
  // An address of a download in one would bind every reader to the registry of whoever wrote it last.
  for (const file of ['package-lock.json', 'bench/peers/package-lock.json', '.ci/runtimes/package-lock.json']) {
    insist(!readFileSync(file, 'utf8').includes('"resolved"'), `${file} names a registry: omit "resolved"`);
  }
});

for (const entry of [...ENTRIES, 'train', 'model']) {
  await check(`imports of ${entry}`, async () => {
    const { metafile } = await bundle(entry, { packages: 'external' });
    const outputs = Object.values(metafile.outputs).flatMap((output) => output.imports);
    // Those that are loaded only when they are needed, too, but for our own parts.
    const imports = outputs.map(({ path }) => path).filter((path) => !path.startsWith('.'));
    const surplus = imports.filter((path) => !ALLOWED_IMPORTS.includes(path));
    insist(surplus.length === 0, `${surplus.join(', ')} must not be imported`);
    insist(entry !== 'ts' || imports.length === 0, `${imports.join(', ')}: this entry never touches WebAssembly`);
    return imports.join(', ') || 'none';
  });
}

for (const entry of ENTRIES) {
  await check(`size of ${entry}`, async () => {
    const { contents } = (await bundle(entry, { minify: true })).outputFiles[0];
    const size = gzipSync(contents, { level: 9 }).length;
    const text = `${size} bytes minified and gzipped (${contents.length} before), budget ${SIZE_BUDGET}`;
    insist(size <= SIZE_BUDGET, text);
    return text;
  });
}

console.log(failed.length === 0 ? 'check: all passed' : `check: ${failed.length} failed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
