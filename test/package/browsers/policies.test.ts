// What pages may not do, and realms that are no pages: every policy and header of docs/environments.md, frames, shared and service
// workers. Training goes on in all of them, with the bits of Node, and says where and why.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences, type Golden } from '../../golden.mjs';
import { Project, WORTH_A_WORKER } from './install.js';
import { type Realm, type Report, Sites } from './site.js';
import { inBrowsers, NOTICED_SECONDS } from './visitor.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const golden: Golden = JSON.parse(read('../../golden.json'));
const docs = read('../../../docs/environments.md');
const section = (title: string) => docs.split(/^## /m).find((text) => text.startsWith(title)) ?? '';

/** As they stand in the table. */
const policies = [...section('Content security policies').matchAll(/^\| `(.*?)` \|/gm)].map(([, policy]) => policy);
/** As they stand in the example. */
const isolation = Object.fromEntries(
  [...section('Isolated pages').matchAll(/^([\w-]+): ([\w-]+)$/gm)].map(([, name, value]) => [name, value]),
);
const NO_WASM = "script-src 'self'; worker-src 'self'";
const TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types bitgrad";

const IN_WORKER = { where: 'worker', backend: 'wasm' };
const IN_TYPESCRIPT = { where: 'worker', backend: 'ts', reason: expect.stringContaining('WebAssembly') };
const inPage = (reason: RegExp) => ({ where: 'main', backend: 'wasm', reason: expect.stringMatching(reason) });
const NO_WORKERS = inPage(/^this host has no workers$/);

/** In a policy it stands for the origin where the package lies. */
const CDN = 'https://cdn.example';
const FROM_CDN = `script-src 'self' 'wasm-unsafe-eval' ${CDN}; worker-src blob: ${CDN}`;
/** And that of the page, which WebKit does not take for 'self' where there is none. */
const OWN = 'https://page.example';
const IN_SANDBOX = `script-src ${OWN} 'wasm-unsafe-eval'; worker-src data: ${OWN}`;

/** What comes of each policy, where the realm has what it is about. */
const OUTCOMES: Record<string, (has: Realm) => object> = {
  "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'": () => IN_WORKER,
  [NO_WASM]: () => IN_TYPESCRIPT,
  "worker-src 'none'": () => inPage(/^no worker can be started: /),
  [TRUSTED_TYPES]: () => IN_WORKER,
  "require-trusted-types-for 'script'; trusted-types 'none'": ({ trustedTypes }) =>
    trustedTypes ? inPage(/^no worker can be started: .*TrustedScriptURL/) : IN_WORKER,
  [FROM_CDN]: () => IN_WORKER,
  [IN_SANDBOX]: () => IN_WORKER,
};

const project = new Project();
const sites = new Sites();
let hash = '';

const site = (policy: string) => `policy-${Object.keys(OUTCOMES).indexOf(policy)}`;

beforeAll(async () => {
  await sites.listen();
  await project.install();
  hash = (await project.run(join(project.folder, 'program.js'), WORTH_A_WORKER)).hash as string;

  const folder = project.resolve('resolved');
  // As a service worker of old takes it, in one file.
  const service = { entryPoints: [join(folder, 'tasks.js')], outfile: join(folder, 'service.js') };
  await build({ ...service, bundle: true, format: 'iife', external: ['node:fs'], logLevel: 'error' });
  sites.add('resolved', { folder });
  sites.add('isolated', { folder, headers: isolation });
  sites.add('worker-without-wasm', { folder, headersOf: { 'worker.js': { 'content-security-policy': NO_WASM } } });
  const cdn = sites.origin('localhost');
  const elsewhere = project.resolve('elsewhere', `${cdn}/resolved/node_modules/bitgrad/dist`);
  const add = (name: string, policy: string) =>
    sites.add(name, {
      folder: policy.includes(CDN) ? elsewhere : folder,
      headers: { 'content-security-policy': policy.replaceAll(CDN, cdn).replaceAll(OWN, sites.origin()) },
    });
  for (const policy of policies) add(site(policy), policy);
  add('trusted-elsewhere', `${FROM_CDN}; ${TRUSTED_TYPES}`);
}, 60_000);

afterAll(() => {
  sites.close();
  project.remove();
});

test('every policy of the docs is tried, and both headers', () => {
  expect(policies).toEqual(Object.keys(OUTCOMES));
  expect(Object.keys(isolation)).toHaveLength(2);
});

inBrowsers(sites, (visitor, missing) => {
  const tested = test.skipIf(missing);

  async function train(name: string, realm: string, expected: (has: Realm) => object, ask = visitor.ask.bind(visitor)) {
    const options = { ...WORTH_A_WORKER, task: 'training', realm };
    const report: Report = await ask(`/${name}/realm.html`, options);
    expect(report.error).toBeUndefined();
    expect(report.ran).toEqual(expected(report.has as Realm));
    expect(report.hash).toBe(hash);
    expect(report.has?.untouched).toBe(true);
    expect(report.said).toEqual([]);
    expect(report.seconds).toBeLessThan(NOTICED_SECONDS);
    return report;
  }

  async function compare(name: string, realm: string, backend: string) {
    const { golden: there, kernels } = await visitor.ask(`/${name}/realm.html`, {
      task: 'golden',
      entry: 'automatic',
      realm,
    });
    expect(kernels?.backend).toBe(backend);
    expect(differences(there as Golden, golden)).toEqual([]);
  }

  tested.each(policies)('%s', async (policy) => {
    await train(site(policy), policy === IN_SANDBOX ? 'sandboxed frame' : 'page', OUTCOMES[policy]);
  });

  tested('both at once: a package that lies elsewhere, and Trusted Types', async () => {
    await train('trusted-elsewhere', 'page', () => IN_WORKER);
  });

  tested('the golden hashes, too, where the page may not compile WebAssembly', () =>
    compare(site(NO_WASM), 'page', 'ts'),
  );

  tested('where only the worker may not, it has TypeScript', async () => {
    await train('worker-without-wasm', 'page', () => IN_TYPESCRIPT);
  });

  tested('an isolated page', async () => {
    const { has } = await train('isolated', 'page', () => IN_WORKER, visitor.askAlone.bind(visitor));
    expect(has?.isolated).toBe(true);
  });

  tested('a training has threads in its worker if the page is isolated, else one, and the same bits', async () => {
    const shared = await visitor.askAlone('/isolated/realm.html', { task: 'threads', realm: 'page' });
    const alone = await visitor.ask('/resolved/realm.html', { task: 'threads', realm: 'page' });
    const all = [...(shared.trainings ?? []), ...(alone.trainings ?? [])];
    expect([shared.error, alone.error, shared.has?.isolated, alone.has?.isolated]).toEqual([
      undefined,
      undefined,
      true,
      false,
    ]);
    expect(all.map(({ ran }) => ran)).toEqual([
      IN_WORKER,
      shared.has?.shares ? { ...IN_WORKER, threads: 2 } : IN_WORKER,
      IN_WORKER,
      IN_WORKER,
    ]);
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(1);
    // WebKitGTK has no SharedArrayBuffer on an isolated page either.
    expect([shared.has?.shares, alone.has?.shares]).toEqual([visitor.browser.name !== 'WebKit', false]);
    expect(shared.trainings?.[1].reason).toMatch(shared.has?.shares ? /may not wait/ : /shares no memory/);
    expect(alone.trainings?.[1].reason).toMatch(/unless pages are isolated/);
  });

  tested('a frame in a sandbox, of no origin', async () => {
    await train('resolved', 'sandboxed frame', () => IN_WORKER);
    await compare('resolved', 'sandboxed frame', 'wasm');
  });

  tested('a shared worker, which has workers or has none', async () => {
    await train('resolved', 'shared worker', ({ workers }) => (workers ? IN_WORKER : NO_WORKERS));
    await compare('resolved', 'shared worker', 'wasm');
  });

  tested('a service worker, which can start none, trains in slices', async () => {
    await train('resolved', 'service worker', () => NO_WORKERS);
    await compare('resolved', 'service worker', 'wasm');
  });

  test.skipIf(missing || !visitor.browser.serviceModules)(
    'and one that is a module, if it imports bitgrad/train',
    async () => {
      await train('resolved', 'service module', () => NO_WORKERS);
      await compare('resolved', 'service module', 'wasm');
    },
  );
});
