// workerd, which Cloudflare's workers run in: at dates before it had FinalizationRegistry and MessageChannel, and after; with Node's
// modules and without. And the example of docs/environments.md.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences, type Golden } from '../../golden.mjs';
import { GOLDEN, note } from '../hosts.js';
import { type Packed, root } from '../packed.js';
import { bundle, missing, prepare, WORKERD } from './engines.js';

/** What a training that a timer is to abort may take at most. */
const ABORT_MS = 5000;

let packed: Packed;

beforeAll(() => {
  packed = prepare();
}, 120_000);

afterAll(() => packed.remove());

interface Server {
  ask(path: string, options?: object): Promise<unknown>;
  close(): void;
}

/** @param config workerd's, whose modules lie in the project */
async function serve(config: string): Promise<Server> {
  const file = join(packed.project, 'config.capnp');
  writeFileSync(file, config);
  const child = spawn(WORKERD, ['serve', file, '--control-fd=3'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdio[3]?.on('data', (text) => resolve(JSON.parse(String(text).split('\n')[0]).port));
    child.on('exit', () => reject(new Error(said)));
  });
  return {
    ask: async (path, options = {}) => (await fetch(`http://127.0.0.1:${port}/${path}`, options)).json(),
    close: () => child.kill(),
  };
}

/** One service on a free port. */
const configOf = (modules: string, date: string, flags: string[]) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(
    name = "main",
    worker = (
      ${modules}
      compatibilityDate = "${date}",
      compatibilityFlags = ${JSON.stringify(flags)},
    ),
  )],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`;

/** Modules for WebAssembly keep their names, as Wrangler has it. */
const bundled = (program: string, out: string) =>
  bundle(packed, program, out, {
    format: 'esm',
    plugins: [
      {
        name: 'modules',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: path.replace('bitgrad/', './'), external: true })),
      },
    ],
  });

/** The lines of the guide. */
const guide = readFileSync(join(root, 'docs/environments.md'), 'utf8').split('\n## Edge hosts\n')[1];
const block = (language: string): string => {
  const [, text] = guide.match(new RegExp(`\n\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``)) ?? [];
  expect(text, language).toBeDefined();
  return text as string;
};

const NO_NODE = ['no_nodejs_compat', 'no_nodejs_compat_v2'];

describe.skipIf(missing(WORKERD)).each([
  ['2023-01-01', [], { registry: 'undefined', node: 'undefined' }],
  ['2023-01-01', ['nodejs_compat'], { registry: 'undefined', node: 'undefined' }],
  ['2026-11-01', NO_NODE, { registry: 'function', node: 'undefined' }],
  ['2026-11-01', [], { registry: 'function', node: 'object' }],
] as [string, string[], object][])('workerd of %s, flags %j', (date, flags, has) => {
  let server: Server;

  beforeAll(async () => {
    await bundled('worker.js', 'worker.js');
    const modules = `modules = [
      (name = "worker.js", esModule = embed "bundled/worker.js"),
      (name = "kernels.wasm", wasm = embed "node_modules/bitgrad/dist/kernels.wasm"),
      (name = "layers.wasm", wasm = embed "node_modules/bitgrad/dist/layers.wasm"),
      (name = "training.wasm", wasm = embed "node_modules/bitgrad/dist/training.wasm"),
    ],`;
    server = await serve(configOf(modules, date, flags));
  }, 60_000);

  afterAll(() => server.close());

  test('kernels from modules that were handed in; fit in the foreground, which says why', async () => {
    const asked = { backend: 'wasm', reason: 'WebAssembly SIMD works here' };
    const noWorkers = { where: 'main', backend: 'wasm', reason: expect.stringMatching(/worker/) };
    expect(await server.ask('info')).toEqual({
      packs: { core: asked, layers: asked, training: asked },
      automatic: expect.stringMatching(/^fell back to TypeScript.*CompileError.*takes bitgrad\/kernels\.wasm/),
      learns: true,
      ran: noWorkers,
      worthAWorker: noWorkers,
      same: true,
      ...has,
    });
  });

  test.each([
    ['timeout', 'TimeoutError'],
    ['controller', 'RangeError'],
  ])('a training is aborted by a timer: %s', async (path, reason) => {
    const came = (await server.ask(path)) as { reason: string; ms: number };
    expect(came.reason).toBe(reason);
    expect(came.ms).toBeLessThan(ABORT_MS);
  });

  test('golden hashes', async () => {
    const { wasm, ts } = (await server.ask('golden')) as { wasm: Golden; ts: Golden };
    for (const [backend, golden] of Object.entries({ wasm, ts })) {
      const wrong = differences(golden, GOLDEN);
      note('workerd', backend, wrong);
      expect(wrong).toEqual([]);
    }
  });
});

test.skipIf(missing(WORKERD))('the example of the guide', async () => {
  writeFileSync(join(packed.project, 'guide.js'), block('javascript'));
  const out = await bundled('guide.js', 'guide.js');
  writeFileSync(join(dirname(out), '..', 'worker.js'), readFileSync(out));
  const server = await serve(configOf(block('capnp'), '2026-11-01', []));
  try {
    const body = JSON.stringify([
      [0, 1],
      [1, 0],
    ]);
    expect(await server.ask('', { method: 'POST', body })).toEqual([[expect.any(Number)], [expect.any(Number)]]);
  } finally {
    server.close();
  }
});
