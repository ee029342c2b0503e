// node build.mjs BUNDLER PROJECT OUT...: what a page of PROJECT (index.html, page.js), its program.js or its app.js becomes in OUT, and so on
// with further pairs. Those that end in -dev serve the page instead, and print where, but webpack's. Each with as few settings as it
// takes, as a user has it.

import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const HTML = (attributes) => `<!doctype html><meta charset="utf-8"><script ${attributes} src="page.js"></script>`;

const require = createRequire(import.meta.url);
const [, , bundler, ...folders] = process.argv;
let project = '';
let out = '';
let entry = '';

async function compiled(bundle, mode, target = 'web') {
  const output = { path: out, filename: target === 'node' ? 'program.cjs' : 'page.js' };
  // It is not asked how large things are, or how they should be split.
  const settings = { mode, target, context: project, performance: false };
  const options = { ...settings, entry: target === 'node' ? './program.js' : './page.js', output };
  const stats = await new Promise((resolve, reject) => {
    bundle(options, (error, result) => (error ? reject(error) : resolve(result)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  const said = [...errors, ...warnings].map(({ message }) => message);
  if (said.length > 0) throw new Error(said.join('\n'));
  return HTML('defer');
}

async function rsbuild(mode) {
  const { createRsbuild } = await import('@rsbuild/core');
  const output = { distPath: { root: out }, assetPrefix: './', cleanDistPath: true };
  const config = { mode, source: { entry: { index: entry } }, output, server: { host: '127.0.0.1' }, logLevel: 'warn' };
  return createRsbuild({ cwd: project, config });
}

/** Each returns the page, if it makes none. */
const BUNDLERS = {
  async webpack() {
    return compiled((await import('webpack')).default, 'production');
  },
  async 'webpack-dev'() {
    return compiled((await import('webpack')).default, 'development');
  },
  async 'webpack-node'() {
    return compiled((await import('webpack')).default, 'production', 'node');
  },
  async rspack() {
    return compiled((await import('@rspack/core')).rspack, 'production');
  },
  async rsbuild() {
    await (await rsbuild('production')).build();
  },
  async 'rsbuild-dev'() {
    const { port } = await (await rsbuild('development')).startDevServer();
    console.log(`http://127.0.0.1:${port}/index.html`);
  },
  async rollup() {
    const { rollup } = await import('rollup');
    const { nodeResolve } = await import('@rollup/plugin-node-resolve');
    // It makes no worker of its own: that is one more entry, beside what starts it.
    const bundle = await rollup({
      input: { page: entry, worker: 'bitgrad/worker' },
      plugins: [nodeResolve({ browser: true, rootDir: project })],
    });
    await bundle.write({ dir: out, entryFileNames: '[name].js', chunkFileNames: '[name].js' });
    return HTML('type="module"');
  },
  async esbuild() {
    const { build } = await import('esbuild');
    await build({
      absWorkingDir: project,
      entryPoints: { page: entry, worker: 'bitgrad/worker' },
      outdir: out,
      bundle: true,
      minify: true,
      format: 'esm',
      splitting: true,
      logLevel: 'warning',
    });
    return HTML('type="module"');
  },
  async vite() {
    const { build } = await import('vite');
    await build({ root: project, base: './', build: { outDir: out, emptyOutDir: true }, logLevel: 'warn' });
  },
  async 'vite-dev'() {
    const { createServer } = await import('vite');
    const server = await createServer({
      root: project,
      server: { host: '127.0.0.1', port: 0 },
      cacheDir: out,
      logLevel: 'warn',
    });
    await server.listen();
    console.log(`http://127.0.0.1:${server.httpServer.address().port}/index.html`);
  },
  async parcel() {
    const { Parcel } = await import('@parcel/core');
    await new Parcel({
      entries: join(project, 'index.html'),
      defaultConfig: require.resolve('@parcel/config-default'),
      mode: 'production',
      defaultTargetOptions: { distDir: out, publicUrl: './' },
      cacheDir: join(out, '.cache'),
    }).run();
  },
  /** Of React Native, with its own settings. */
  async metro() {
    const { default: metro } = await import('metro');
    const { getDefaultConfig, mergeConfig } = require('@react-native/metro-config');
    // Its packages, which its compiler imports from, lie with it, not in the project.
    const own = join(import.meta.dirname, 'node_modules');
    const said = [];
    const config = mergeConfig(getDefaultConfig(project), {
      watchFolders: [project, own],
      resolver: { nodeModulesPaths: [own], useWatchman: false },
      // React Native itself, which needs a telephone.
      serializer: { getModulesRunBeforeMainModule: () => [] },
      cacheStores: [],
      fileMapCacheDirectory: out,
      maxWorkers: 1,
      reporter: { update: (event) => /warning|error/.test(event.type) && said.push(event) },
    });
    await metro.runBuild(config, {
      entry: 'app.js',
      platform: 'android',
      dev: false,
      minify: false,
      out: join(out, 'app'),
    });
    if (said.length > 0) throw new Error(JSON.stringify(said));
  },
};

while (folders.length > 0) {
  [project, out] = folders.splice(0, 2);
  entry = join(project, 'page.js');
  process.chdir(project);
  await mkdir(out, { recursive: true });
  const html = await BUNDLERS[bundler]();
  if (html) await writeFile(join(out, 'index.html'), html);
}
