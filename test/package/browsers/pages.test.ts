// Trainings in browsers: the tarball, installed in an empty project, bundled by everyone's bundlers or not at all, trains in a
// worker with the bits that Node has, or says why not. `npm run check:browsers`; a browser that is missing is skipped, in CI
// an error, and so are bundlers: npm ci --prefix .ci/bundlers --ignore-scripts.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUILD, BUNDLERS, Project, WORTH_A_WORKER } from './install.js';
import { Sites } from './site.js';
import { inBrowsers, NOTICED_SECONDS } from './visitor.js';

const BUILT = ['webpack', 'webpack-dev', 'rspack', 'rsbuild', 'rollup', 'esbuild', 'vite', 'parcel'];
const SERVED = ['rsbuild-dev', 'vite-dev'];
const ALL_BUNDLERS = [...BUILT, ...SERVED];

const TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types bitgrad";

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
  const { folder } = project;
  const plain = { 'index.html': importMap(dist) };
  sites.add('plain', { folder, replaced: plain });
  sites.add('cross-origin', { folder, replaced: { 'index.html': importMap(elsewhere) } });
  sites.add('missing', { folder, replaced: { ...plain, 'dist/worker.js': undefined } });
  sites.add('broken', { folder, replaced: { ...plain, 'dist/worker.js': "import 'not-there';" } });
  sites.add('unreachable', { folder, replaced: { ...plain, 'dist/background.js': undefined } });
  sites.add('silent', { folder, replaced: { ...plain, 'dist/worker.js': '// of somebody else' } });

  if (BUNDLERS) {
    await Promise.all(
      ALL_BUNDLERS.map(async (name) => {
        await (SERVED.includes(name) ? serve(name) : bundle(name)).catch((error) => pages.set(name, error));
      }),
    );
    const headers = { 'content-security-policy': TRUSTED_TYPES };
    sites.add('trusted-types', { folder: join(project.temp, 'vite'), headers });
  }
}, 240_000);

afterAll(() => {
  for (const server of servers) server.kill();
  sites.close();
  project.remove();
});

inBrowsers(sites, (visitor, missing) => {
  const all = test.skipIf(missing);
  const bundled = test.skipIf(missing || !BUNDLERS);

  function ask(page: string | Error | undefined, options: object) {
    if (typeof page === 'string') return visitor.ask(page, options);
    throw page ?? new Error('no bundlers: npm ci --prefix .ci/bundlers --ignore-scripts');
  }

  bundled.concurrent.each(ALL_BUNDLERS)(
    'a page built by %s trains in a worker, with the bits of Node',
    async (name) => {
      const { ran, hash: bits, error, said } = await ask(pages.get(name), { background: true });
      expect({ ran, error, said }).toEqual({ ran: { where: 'worker', backend: 'wasm' }, said: [] });
      expect(bits).toBe(hash);
    },
  );

  all.concurrent.each(['plain', 'cross-origin'])('so does one without a bundler: %s', async (name) => {
    const { ran, hash: bits, error, said } = await ask(`/${name}/index.html`, { background: true });
    expect({ ran, error, said }).toEqual({ ran: { where: 'worker', backend: 'wasm' }, said: [] });
    expect(bits).toBe(hash);
  });

  bundled.concurrent('and one by Vite that requires Trusted Types', async () => {
    const { ran, hash: bits, error, said } = await ask('/trusted-types/index.html', { background: true });
    expect({ ran, error, said }).toEqual({ ran: { where: 'worker', backend: 'wasm' }, said: [] });
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
    const { ran, hash: bits, error, said } = await ask('/missing/index.html', options);
    expect({ ran, error, said }).toEqual({ ran: { where: 'worker', backend: 'wasm' }, said: [] });
    expect(bits).toBe(hash);
  });
});
