// An app of React Native: Metro bundles it, Hermes compiles it, and where there are neither workers nor WebAssembly it has the bits of Node.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUILD, BUNDLERS, Project, WORTH_A_WORKER } from '../browsers/install.js';
import type { Report } from '../browsers/site.js';

const BUILD_MS = 600_000;
const HERMES = join(BUILD, '../node_modules/hermes-compiler/hermesc/linux64-bin/hermesc');

/** What React Native 0.87 gives its apps, as far as it matters here, and of JavaScript's own what Hermes does not have. */
const GIVEN = ['performance', 'setTimeout', 'clearTimeout', 'setImmediate', 'AbortController', 'AbortSignal'];
const NOT_IN_HERMES = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry'];

type App = (options: object) => Promise<Report>;

const project = new Project();
let bundle = '';
let expected: Report;

beforeAll(async () => {
  await project.install();
  await import(join(project.folder, 'app.js'));
  const { app } = globalThis as { app?: App };
  expected = (await app?.(WORTH_A_WORKER)) as Report;
  if (BUNDLERS) bundle = join(await project.bundle('metro'), 'app.js');
}, BUILD_MS);

afterAll(() => project.remove());

const bundled = test.skipIf(!BUNDLERS);

bundled('each entry and a training, bundled by Metro', async () => {
  const given = Object.fromEntries(GIVEN.map((name) => [name, globalThis[name as keyof typeof globalThis]]));
  const realm = createContext({ ...given, process: { env: {} }, navigator: { product: 'ReactNative' } });
  runInContext('globalThis.global = globalThis.self = globalThis.window = globalThis', realm);
  for (const name of NOT_IN_HERMES) runInContext(`delete globalThis.${name}`, realm);
  runInContext(readFileSync(bundle, 'utf8'), realm);
  const ran = JSON.stringify(await (realm.app as App)(WORTH_A_WORKER));
  const reason = expect.stringMatching(
    /^this host has no workers; fell back to TypeScript: .*WebAssembly is not defined/,
  );
  expect(JSON.parse(ran)).toEqual({ ...expected, ran: { where: 'main', backend: 'ts', reason } });
});

bundled('is what Hermes compiles', () => {
  execFileSync(HERMES, ['-w', '-emit-binary', '-out', `${bundle}.hbc`, bundle], { stdio: 'pipe' });
  expect(readFileSync(`${bundle}.hbc`).subarray(0, 8).toString('hex')).toBe('c61fbc03c103191f');
});
