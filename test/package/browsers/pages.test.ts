// Trainings in browsers: the tarball, installed in an empty project, bundled by everyone's bundlers or not at all, trains in a
// worker with the bits that Node has, or says why not. `npm run check:browsers`; a browser that is missing is skipped, in CI
// an error, and so are bundlers: npm ci --prefix .ci/bundlers --ignore-scripts.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSERS, open } from './browsers.js';
import { BUILD, BUNDLERS, Project, WORTH_A_WORKER } from './install.js';
import { Sites } from './site.js';

/** What is noticed within 2 s, and the rest of a page. */
const NOTICED_SECONDS = 3.5;
const BUILT = ['webpack', 'webpack-dev', 'rspack', 'rsbuild', 'rollup', 'esbuild', 'vite', 'parcel'];
const SERVED = ['rsbuild-dev', 'vite-dev'];
const ALL_BUNDLERS = [...BUILT, ...SERVED];

const NO_WASM = "script-src 'self'; worker-src 'self'";
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

const project = new Project();
const sites = new Sites();
/** The built pages, by bundler: their addresses, or why there are none. */
const pages = new Map<string, string | Error>();
let hash = '';
const servers: ChildProcess[] = [];

const importMap = (dist: string) =>
  `<!doctype html><meta charset="utf-8"><script type="importmap">{ "imports": { "bitgrad": "${dist}/index.js" } }</script>
   <script type="module" src="./page.js"></script>`;

async function bundle(bundler: string): Promise<void> {
  sites.add(bundler, { folder: await project.bundle(bundler) });
  pages.set(bundler, `/${bundler}/index.html`);
}

function serve(bundler: string): Promise<void> {
  const args = [BUILD, bundler, project.folder, join(project.temp, bundler)];
  const server = spawn(process.execPath, args, { cwd: project.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  return new Promise((resolve) => {
    server.stdout.once('data', (text) => {
      pages.set(bundler, String(text).trim());
      resolve();
    });
  });
}

beforeAll(async () => {
  await sites.listen();
  await project.install();
  const there = await project.run(join(project.folder, 'program.js'), { background: true });
  expect(there.ran).toEqual({ where: 'worker', backend: 'wasm' });
  hash = there.hash as string;

  const dist = './node_modules/bitgrad/dist';
  const elsewhere = `${sites.origin('localhost')}/plain/node_modules/bitgrad/dist`;
  const { folder, temp } = project;
  const plain = { 'index.html': importMap(dist) };
  sites.add('plain', { folder, replaced: plain });
  sites.add('isolated', { folder, replaced: plain, headers: ISOLATED });
  sites.add('cross-origin', { folder, replaced: { 'index.html': importMap(elsewhere) } });
  sites.add('worker-without-wasm', {
    folder,
    replaced: plain,
    headersOf: { 'worker.js': { 'content-security-policy': NO_WASM } },
  });
  sites.add('missing', { folder, replaced: { ...plain, 'dist/worker.js': undefined } });
  sites.add('broken', { folder, replaced: { ...plain, 'dist/worker.js': "import 'not-there';" } });
  sites.add('unreachable', { folder, replaced: { ...plain, 'dist/background.js': undefined } });
  sites.add('silent', { folder, replaced: { ...plain, 'dist/worker.js': '// of somebody else' } });
  const one = join(temp, 'one-file');
  await build({
    absWorkingDir: folder,
    entryPoints: ['page.js'],
    outdir: one,
    bundle: true,
    format: 'iife',
    logLevel: 'error',
  });
  const registers = "<script>navigator.serviceWorker.register('page.js' + location.search)</script>";
  sites.add('service-module', {
    folder,
    replaced: {
      'index.html': `<!doctype html>${registers.replace('page.js', 'service.js').replace('search)', "search, { type: 'module' })")}`,
      'service.js': `import '${dist}/train.js'; import './page.js';`,
      'page.js': readFileSync(join(folder, 'page.js'), 'utf8').replace("'bitgrad'", `'${dist}/index.js'`),
    },
  });
  sites.add('service-worker', { folder: one, replaced: { 'index.html': `<!doctype html>${registers}` } });

  if (BUNDLERS) {
    await Promise.all(
      ALL_BUNDLERS.map(async (name) => {
        await (SERVED.includes(name) ? serve(name) : bundle(name)).catch((error) => pages.set(name, error));
      }),
    );
    sites.add('without-wasm', { folder: join(temp, 'esbuild'), headers: { 'content-security-policy': NO_WASM } });
  }
}, 240_000);

afterAll(() => {
  for (const server of servers) server.kill();
  sites.close();
  project.remove();
});

const inCI = Boolean(process.env.CI);

describe.each(BROWSERS)('$name', (browser) => {
  const missing = browser.path === undefined;
  test.runIf(missing && inCI)('it is there', () => expect(browser.path).toBeDefined());
  const all = test.skipIf(missing);
  const bundled = test.skipIf(missing || !BUNDLERS);

  let close: (() => Promise<unknown>) | undefined;
  beforeAll(() => {
    if (!missing) close = open(browser, `${sites.origin()}/driver/${browser.name}`);
  });
  afterAll(() => close?.());

  function ask(
    page: string | Error | undefined,
    options: object,
    show = (url: string) => sites.show(browser.name, url),
  ) {
    if (typeof page !== 'string') throw page ?? new Error('no bundlers: npm ci --prefix .ci/bundlers --ignore-scripts');
    const { url, report } = sites.ask(page, options);
    show(url);
    return report;
  }

  bundled.concurrent.each(ALL_BUNDLERS)(
    'a page built by %s trains in a worker, with the bits of Node',
    async (name) => {
      const { ran, hash: bits, error } = await ask(pages.get(name), { background: true });
      expect({ ran, error }).toEqual({ ran: { where: 'worker', backend: 'wasm' } });
      expect(bits).toBe(hash);
    },
  );

  all.concurrent.each(['plain', 'cross-origin'])('so does one without a bundler: %s', async (name) => {
    const { ran, hash: bits, error } = await ask(`/${name}/index.html`, { background: true });
    expect({ ran, error }).toEqual({ ran: { where: 'worker', backend: 'wasm' } });
    expect(bits).toBe(hash);
  });

  all('and an isolated page', async () => {
    let end: (() => Promise<unknown>) | undefined;
    const {
      ran,
      hash: bits,
      error,
    } = await ask('/isolated/index.html', { background: true }, (url) => {
      end = open(browser, url);
    }).finally(() => end?.());
    expect({ ran, error }).toEqual({ ran: { where: 'worker', backend: 'wasm' } });
    expect(bits).toBe(hash);
  });

  bundled.concurrent('where the page may not compile WebAssembly the worker has TypeScript, and says why', async () => {
    const { ran, hash: bits } = await ask('/without-wasm/index.html', { background: true });
    expect(ran).toEqual({ where: 'worker', backend: 'ts', reason: expect.stringContaining('WebAssembly') });
    expect(bits).toBe(hash);
  });

  all.concurrent('where only the worker may not, too', async () => {
    const { ran, hash: bits } = await ask('/worker-without-wasm/index.html', { background: true });
    expect(ran).toEqual({ where: 'worker', backend: 'ts', reason: expect.stringContaining('WebAssembly') });
    expect(bits).toBe(hash);
  });

  all.concurrent.each(['missing', 'broken', 'silent', 'unreachable'])(
    'a worker that is %s is noticed: training goes on in the page',
    async (name) => {
      const { ran, seconds } = await ask(`/${name}/index.html`, WORTH_A_WORKER);
      expect(ran).toEqual({
        where: 'main',
        backend: 'wasm',
        reason: expect.stringMatching(/^no worker can be started: /),
      });
      expect(seconds).toBeLessThan(NOTICED_SECONDS);
    },
  );

  all.concurrent.each(['missing', 'broken', 'silent', 'unreachable'])(
    'a worker that is %s is an error if it was insisted on',
    async (name) => {
      const { error, seconds } = await ask(`/${name}/index.html`, { background: true });
      expect(error).toMatch(/^WorkerError: no worker can be started/);
      expect(seconds).toBeLessThan(NOTICED_SECONDS);
    },
  );

  all.concurrent('a signal ends a training that still waits for its worker', async () => {
    const { error, seconds } = await ask('/silent/index.html', { ...WORTH_A_WORKER, abortAfterMs: 300 });
    expect(error).toMatch(/^TimeoutError/);
    expect(seconds).toBeLessThan(1);
  });

  all.concurrent('createWorker starts it where only the page knows how', async () => {
    const options = { background: true, worker: '../plain/node_modules/bitgrad/dist/worker.js' };
    const { ran, hash: bits, error } = await ask('/missing/index.html', options);
    expect({ ran, error }).toEqual({ ran: { where: 'worker', backend: 'wasm' } });
    expect(bits).toBe(hash);
  });

  async function inService(name: string) {
    const { ran, hash: bits, error } = await ask(`/${name}/index.html`, {});
    const reason = 'this host has no workers';
    expect({ ran, error }).toEqual({ ran: { where: 'main', backend: 'wasm', reason } });
    expect(bits).toBe(hash);
  }
  all.concurrent('a service worker, which can start none, trains in slices', () => inService('service-worker'));
  const serving = test.skipIf(missing || !browser.serviceModules);
  serving.concurrent('and one that is a module, if it imports bitgrad/train', () => inService('service-module'));
});
