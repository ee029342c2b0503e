// Programs for Node that were bundled: they train in a worker where its file is beside them, else they say why not.

import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUNDLERS, Project, WORTH_A_WORKER } from './install.js';

/** While a machine of few cores builds eight pages. */
const BUILD_MS = 120_000;

const project = new Project();
let hash: string | undefined;
const inWorker = () => ({ ran: { where: 'worker', backend: 'wasm' }, hash });

async function bundled(format: 'cjs' | 'esm', entryPoints: Record<string, string>): Promise<string> {
  const outdir = join(project.temp, `${format}-${Object.keys(entryPoints).join('-')}`);
  const ending = format === 'cjs' ? '.js' : '.mjs';
  const options = { bundle: true, platform: 'node', logLevel: 'error', absWorkingDir: project.folder } as const;
  await build({ ...options, format, outdir, outExtension: { '.js': ending }, entryPoints });
  return join(outdir, `program${ending}`);
}

beforeAll(async () => {
  await project.install();
  ({ hash } = await project.run(join(project.folder, 'program.js'), WORTH_A_WORKER));
}, BUILD_MS);

afterAll(() => project.remove());

test('not bundled, in a worker', async () => {
  expect(await project.run(join(project.folder, 'program.js'), WORTH_A_WORKER)).toEqual(inWorker());
});

test.each(['cjs', 'esm'] as const)(
  'in one file, %s: on the main thread, unless a worker is insisted on',
  async (format) => {
    const program = await bundled(format, { program: './program.js' });
    const reason = expect.stringMatching(/^no worker can be started: Cannot find module .*worker\.js/);
    expect(await project.run(program, WORTH_A_WORKER)).toEqual({
      ran: { where: 'main', backend: 'wasm', reason },
      hash,
    });
    const { error } = await project.run(program, { background: true });
    expect(error).toMatch(/^WorkerError: no worker can be started/);
  },
);

test('one CommonJS file and worker.js beside it: in that', async () => {
  const program = await bundled('cjs', { program: './program.js', worker: 'bitgrad/worker' });
  expect(await project.run(program, WORTH_A_WORKER)).toEqual(inWorker());
});

test.skipIf(!BUNDLERS)(
  'by webpack, for Node',
  async () => {
    const program = join(await project.bundle('webpack-node'), 'program.cjs');
    expect(await project.run(program, WORTH_A_WORKER)).toEqual(inWorker());
  },
  BUILD_MS,
);
