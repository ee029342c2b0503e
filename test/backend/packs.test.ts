// Each pack of kernels by itself: where it runs, why there, and that nothing of that is swallowed.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EMBEDDED as CORE } from '../../src/backend/wasm/bytes/core.js';
import { EMBEDDED as TRAINING } from '../../src/backend/wasm/bytes/training.js';
import { bytesOf } from '../../src/backend/wasm/text.js';
import type { Engine } from '../../src/engine.js';
import type * as Entry from '../../src/index.js';

type Api = typeof Entry;

const core = bytesOf(CORE.text);
const training = bytesOf(TRAINING.text);
const compiledTraining = new WebAssembly.Module(training);
/** A module with nothing in it, valid by the specification. */
const hollow = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

async function fresh(entry: 'index' | 'wasm' | 'ts'): Promise<Api> {
  vi.resetModules();
  if (entry === 'index') return import('../../src/index.js');
  return (entry === 'wasm'
    ? import('../../src/wasm.js')
    : import('../../src/ts.js')) as Promise<unknown> as Promise<Api>;
}

/** A training of a few steps, which puts training's kernels on the engine; the parameters after it, and why it ran there. */
async function fitted(engine: Pick<Engine, 'network'>): Promise<[parameters: number[], reason: string | undefined]> {
  const net = engine.network({ inputs: 2, layers: [3, 1], seed: 1 });
  const X = [
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const { ran } = await net.fit(X, [1, -1, 0], { epochs: 3, batchSize: 2, background: false });
  return [[...net.parameters], ran.reason];
}

const fit = async (engine: Pick<Engine, 'network'>) => (await fitted(engine))[0];

/** WebAssembly as a host has it that refuses to compile one module. */
const refusing = (refused: Uint8Array): object =>
  Object.assign(Object.create(WebAssembly), {
    Module: class extends WebAssembly.Module {
      constructor(bytes: BufferSource) {
        // One for shared memory is three bytes longer.
        if ([0, 3].includes(bytes.byteLength - refused.byteLength)) throw new EvalError('not this one');
        super(bytes);
      }
    },
  });

const LATER = { backend: undefined, reason: 'not loaded yet' };

const REFUSED =
  'the training kernels (WebAssembly with SIMD) cannot be instantiated here: EvalError: not this one; ' +
  'createEngine({ module }) takes bitgrad/training.wasm';

beforeEach(() => vi.stubEnv('BITGRAD_BACKEND', undefined));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('a pack that nothing needed yet says so; then where it runs', async () => {
  const works = { backend: 'wasm', reason: 'WebAssembly SIMD works here' };
  const api = await fresh('index');
  expect(api.info().packs).toEqual({
    core: works,
    layers: LATER,
    training: LATER,
  });
  const before = api.info();
  await fit(api);
  expect(api.info().packs).toEqual({ core: works, layers: LATER, training: works });
  // What was handed out is the caller's.
  expect(before.packs.training.backend).toBeUndefined();
  const ts = api.createEngine({ backend: 'ts' });
  await fit(ts);
  const asked = { backend: 'ts', reason: "backend: 'ts' was asked for" };
  expect(ts.info().packs).toEqual({ core: asked, layers: LATER, training: asked });
  const alone = await fresh('ts');
  await fit(alone);
  expect(alone.info().packs.training).toEqual({ backend: 'ts', reason: 'this entry holds TypeScript alone' });
});

test('where there is no WebAssembly, both packs say why', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const api = await fresh('index');
  await fit(api);
  const { packs, backendReason } = api.info();
  expect(packs.core).toEqual({ backend: 'ts', reason: backendReason });
  expect(packs.training).toEqual(packs.core);
  expect(backendReason).toMatch(/^fell back to TypeScript: /);
});

describe("where training's module alone is refused", () => {
  beforeEach(() => vi.stubGlobal('WebAssembly', refusing(training)));

  test('an engine that chose by itself runs it in TypeScript, with the same bits, and says why', async () => {
    const api = await fresh('index');
    const [parameters, reason] = await fitted(api);
    expect(reason).toBe(api.info().packs.training.reason);
    expect(api.info().packs).toEqual({
      core: { backend: 'wasm', reason: 'WebAssembly SIMD works here' },
      layers: LATER,
      training: { backend: 'ts', reason: `fell back to TypeScript: ${REFUSED}` },
    });
    expect(parameters).toEqual(await fit(api.createEngine({ backend: 'ts' })));
  });

  test.each([
    ['bitgrad/wasm', 'wasm', {}],
    ["backend: 'wasm'", 'index', { backend: 'wasm' }],
    ['BITGRAD_BACKEND=wasm', 'index', {}],
  ] as const)('%s insists: every training says what to do, and the network goes on', async (name, entry, options) => {
    if (name.startsWith('BITGRAD')) vi.stubEnv('BITGRAD_BACKEND', 'wasm');
    const api = await fresh(entry);
    const engine = api.createEngine(options);
    const net = engine.network({ inputs: 1, layers: [1], seed: 1 });
    for (let i = 0; i < 2; i++) {
      const fitting = net.fit([[1], [2]], [1, 2], { epochs: 1, background: false });
      await expect(fitting).rejects.toThrow(api.BackendUnavailableError);
      await expect(fitting).rejects.toThrow(REFUSED);
    }
    expect(engine.info().packs.training).toEqual({ backend: undefined, reason: REFUSED });
    expect(net.forward([[1]]).rows).toBe(1);
    net.dispose();
  });

  test.each(['index', 'wasm'] as const)('with its module handed in it runs there, from %s', async (entry) => {
    const api = await fresh(entry);
    const alone = api.createEngine({ module: { training: compiledTraining } });
    const both = api.createEngine({ module: { core, training: compiledTraining } });
    expect(await fit(alone)).toEqual(await fit(both));
    for (const engine of [alone, both]) expect(engine.info().packs.training.backend).toBe('wasm');
    expect(alone.info().wasmHash).toBe(CORE.hash);
    expect(both.info().wasmHash).toBeUndefined();
  });

  test("the core's module handed in insists for the core alone", async () => {
    const api = await fresh('index');
    const engine = api.createEngine({ module: core });
    await fit(engine);
    expect(engine.info().packs).toMatchObject({ core: { backend: 'wasm' }, training: { backend: 'ts' } });
  });
});

describe('modules by pack', () => {
  test('take bytes and compiled modules, and give the bits of the embedded ones', async () => {
    const { createEngine, createEngineAsync, engine } = await fresh('index');
    const expected = await fit(engine);
    const modules = { core: new WebAssembly.Module(core), training };
    for (const module of [modules, { core }, { training }, {}]) {
      for (const made of [createEngine({ module }), await createEngineAsync({ module })]) {
        expect(await fit(made)).toEqual(expected);
        expect(made.info().packs).toMatchObject({ core: { backend: 'wasm' }, training: { backend: 'wasm' } });
      }
    }
  });

  test('an unknown pack is an error that lists the known ones', async () => {
    const { createEngine, ValueError } = await fresh('index');
    const module = { training, sparse: core } as object;
    expect(() => createEngine({ module })).toThrow(ValueError);
    expect(() => createEngine({ module })).toThrow(
      '"module": unknown option "sparse"; known options: core, layers, training',
    );
  });

  test.each([
    ['nothing in it', hollow, '"module.training" cannot be instantiated here: Error: it is not of this release'],
    ["the core's kernels", core, 'createEngine({ module }) takes bitgrad/training.wasm'],
    ['garbage', Uint8Array.of(1, 2, 3), '"module.training" cannot be instantiated here: CompileError'],
  ])('one for training with %s is refused when training begins', async (_, module, message) => {
    const { createEngine, BackendUnavailableError } = await fresh('index');
    const engine = createEngine({ module: { training: module } });
    expect(engine.sigmoid(0)).toBe(0.5);
    await expect(fit(engine)).rejects.toThrow(BackendUnavailableError);
    await expect(fit(engine)).rejects.toThrow(message);
  });

  test('undefined and null are none: nothing insists', async () => {
    vi.stubGlobal('WebAssembly', refusing(core));
    const { createEngine } = await fresh('index');
    for (const module of [undefined, null, { core: undefined }, { layers: null, training: undefined }]) {
      const { backend, backendReason } = createEngine({ module } as object);
      expect([backend, backendReason]).toEqual(['ts', expect.stringContaining('not this one')]);
    }
  });

  test('are read when the engine is made', async () => {
    const { createEngine, engine } = await fresh('index');
    const bytes = training.slice();
    const made = createEngine({ module: { training: bytes } });
    bytes.fill(0);
    expect(await fit(made)).toEqual(await fit(engine));
  });

  test('are refused with the ts backend, and insist where WebAssembly is absent', async () => {
    const { createEngine, ValueError } = await fresh('index');
    expect(() => createEngine({ backend: 'ts', module: { training } })).toThrow(ValueError);
    vi.stubGlobal('WebAssembly', undefined);
    const { createEngine: create, BackendUnavailableError } = await fresh('index');
    for (const module of [{ core }, { training }]) expect(() => create({ module })).toThrow(BackendUnavailableError);
  });
});
