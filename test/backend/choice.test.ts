// Which backend an engine gets: modules that do not fit, hosts without WebAssembly, BITGRAD_BACKEND, first use, workers.

import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EMBEDDED } from '../../src/backend/wasm/bytes/core.js';
import { DECODER } from '../../src/backend/wasm/bytes/text.js';
import { bytesOf } from '../../src/backend/wasm/text.js';
import type * as Entry from '../../src/index.js';

type Api = typeof Entry;

const root = new URL('../..', import.meta.url);
const kernels = bytesOf(EMBEDDED.text);
/** A module with nothing in it, valid by the specification. */
const hollow = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const garbage = Uint8Array.of(1, 2, 3);

/** The kernels as another release would have them: their number is another, the rest is the same. */
function otherBuild(): Uint8Array<ArrayBuffer> {
  const sought = [0x41]; // i32.const, and the number as a signed LEB128
  for (let rest = EMBEDDED.build; sought.length < 6; rest >>= 7) sought.push((rest & 127) | 128);
  const bytes = kernels.slice();
  const at = bytes.findIndex((_, i) => sought.slice(0, 4).every((byte, j) => bytes[i + j] === byte));
  expect(at).toBeGreaterThan(0);
  bytes[at + 1] ^= 1;
  return bytes;
}

/** An entry as a program finds it that imports it for the first time. */
async function fresh(entry: 'index' | 'wasm' | 'ts'): Promise<Api> {
  vi.resetModules();
  if (entry === 'index') return import('../../src/index.js');
  return (entry === 'wasm'
    ? import('../../src/wasm.js')
    : import('../../src/ts.js')) as Promise<unknown> as Promise<Api>;
}

beforeEach(() => vi.stubEnv('BITGRAD_BACKEND', undefined));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('importing touches WebAssembly in no way; the first call compiles once for all engines', async () => {
  const compiled: number[] = [];
  class Module extends WebAssembly.Module {
    constructor(bytes: BufferSource) {
      super(bytes);
      compiled.push(bytes.byteLength);
    }
  }
  const used: PropertyKey[] = [];
  const get = (target: object, key: PropertyKey) => {
    used.push(key);
    return Reflect.get(target, key);
  };
  vi.stubGlobal('WebAssembly', new Proxy(Object.assign(Object.create(WebAssembly), { Module }), { get }));
  const api = await fresh('index');
  expect(used).toEqual([]);
  expect(api.sigmoid(0)).toBe(0.5);
  expect(api.createEngine({ backend: 'wasm' }).sigmoid(0)).toBe(0.5);
  expect(used).toContain('Module');
  // The little one reads the other's text, in which three bytes more say that memory is shared.
  expect(compiled).toEqual([DECODER.length, kernels.length + 3]);
});

test('info, version and reasons', async () => {
  const api = await fresh('index');
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  expect(api.version).toBe(version);
  expect(api.info()).toMatchObject({ version, contractVersion: 2, backend: 'wasm', simd: true });
  expect(api.info().backendReason).toBe('WebAssembly SIMD works here');
  expect(api.info().wasmHash).toMatch(/^[0-9a-f]{64}$/);
  expect(api.info().compiler).toMatch(/^assemblyscript \d/);
  const ts = api.createEngine({ backend: 'ts' });
  expect(ts.info()).toMatchObject({ backend: 'ts', simd: false, wasmHash: undefined, compiler: undefined });
  expect(ts.backendReason).toBe("backend: 'ts' was asked for");
  expect((await fresh('ts')).engine.backendReason).toBe('this entry holds TypeScript alone');
});

test('an entry that holds one backend refuses the other', async () => {
  const ts = await fresh('ts');
  expect(() => ts.createEngine({ backend: 'wasm' })).toThrow(ts.BackendUnavailableError);
  const wasm = await fresh('wasm');
  expect(() => wasm.createEngine({ backend: 'ts' })).toThrow('this entry does not hold the ts backend');
});

describe('module', () => {
  test('takes the bytes and the compiled module', async () => {
    const { createEngine, createEngineAsync } = await fresh('index');
    const compiled = await WebAssembly.compile(kernels);
    expect(createEngine({ module: kernels }).sigmoid(0)).toBe(0.5);
    expect(createEngine({ module: compiled }).backend).toBe('wasm');
    expect((await createEngineAsync({ module: kernels })).sigmoid(0)).toBe(0.5);
    expect((await createEngineAsync({ module: compiled })).backend).toBe('wasm');
  });

  test.each([
    ['garbage', garbage, '"module.core" cannot be instantiated here: CompileError'],
    ['half the kernels', kernels.slice(0, kernels.length / 2), 'CompileError'],
    [
      'a module of something else',
      hollow,
      'it is not of this release; createEngine({ module }) takes bitgrad/kernels.wasm',
    ],
    ['another build', otherBuild(), 'it is not of this release'],
  ])('%s is a BackendUnavailableError', async (_, bytes, message) => {
    const { createEngine, createEngineAsync, BackendUnavailableError } = await fresh('index');
    const options = { backend: 'wasm', module: bytes as BufferSource } as const;
    expect(() => createEngine(options)).toThrow(BackendUnavailableError);
    expect(() => createEngine(options)).toThrow(message);
    await expect(createEngineAsync(options)).rejects.toThrow(BackendUnavailableError);
    await expect(createEngineAsync(options)).rejects.toThrow(message);
    // The automatic choice does not hide it.
    expect(() => createEngine({ module: bytes as BufferSource })).toThrow(message);
  });

  test.each(['kernels.wasm', 5, Promise.resolve(kernels)])('%s is none', async (module) => {
    const { createEngine, createEngineAsync, ValueError } = await fresh('index');
    const options = { module: { core: module as object as BufferSource } };
    expect(() => createEngine(options)).toThrow(ValueError);
    expect(() => createEngine(options)).toThrow('"module.core" must be a compiled module or its bytes, got ');
    await expect(createEngineAsync(options)).rejects.toThrow(ValueError);
  });

  test('in any buffer, whose bytes are read before the call returns', async () => {
    const { createEngine, createEngineAsync } = await fresh('index');
    const shared = new SharedArrayBuffer(kernels.length + 8);
    const within = new Uint8Array(shared, 4, kernels.length);
    within.set(kernels);
    const exact = new SharedArrayBuffer(kernels.length);
    new Uint8Array(exact).set(kernels);
    for (const module of [within, exact, kernels.buffer, new DataView(kernels.buffer)] as BufferSource[]) {
      expect(createEngine({ module }).info()).toMatchObject({ backend: 'wasm', wasmHash: undefined });
    }
    const bytes = kernels.slice();
    const made = createEngineAsync({ module: bytes });
    bytes.fill(0);
    expect((await made).sigmoid(0)).toBe(0.5);
  });

  test('is refused with the ts backend', async () => {
    const { createEngine, createEngineAsync, ValueError } = await fresh('index');
    expect(() => createEngine({ backend: 'ts', module: kernels })).toThrow(ValueError);
    await expect(createEngineAsync({ backend: 'ts', module: kernels })).rejects.toThrow(
      '"module" is for the wasm backend',
    );
  });
});

/** WebAssembly as a host has it that refuses one step. */
const refusing = (step: 'Module' | 'Instance'): object =>
  Object.assign(Object.create(WebAssembly), {
    [step]: class {
      constructor() {
        throw new EvalError(`no ${step} here`);
      }
    },
  });

describe.each([
  ['is absent', (): undefined => undefined, /instantiated here: (Type|Reference)Error/],
  ['refuses to compile', () => refusing('Module'), /EvalError: no Module here/],
  ['refuses to instantiate', () => refusing('Instance'), /EvalError: no Instance here/],
] as const)('where WebAssembly %s', (_, stub, reason) => {
  beforeEach(() => vi.stubGlobal('WebAssembly', stub()));

  test('the automatic entry falls back to TypeScript and says why', async () => {
    const api = await fresh('index');
    expect(api.sigmoid([[0]]).toArray()).toEqual([[0.5]]);
    expect(api.engine.backend).toBe('ts');
    expect(api.engine.backendReason).toMatch(
      /^fell back to TypeScript: the core kernels \(WebAssembly with SIMD\) cannot be instantiated here: /,
    );
    expect(api.engine.backendReason).toMatch(reason);
    expect(api.info()).toMatchObject({ backend: 'ts', simd: false });
  });

  test('bitgrad/wasm throws on first use, again and again, with the cause', async () => {
    const api = await fresh('wasm');
    const attempts: (() => unknown)[] = [() => api.sigmoid(0), () => api.engine.backend, () => api.createEngine()];
    for (const attempt of attempts) {
      expect(attempt).toThrow(api.BackendUnavailableError);
      expect(attempt).toThrow(reason);
      expect(attempt).toThrow(expect.objectContaining({ cause: expect.any(Error) }));
    }
  });

  test('bitgrad/ts never asks', async () => {
    const api = await fresh('ts');
    expect(api.forwardAndBackward([[1]], [[1]], [[0]], [[0]]).output.toArray()).toEqual([[0.5]]);
  });
});

test('where larger modules must not be compiled at once, the reason names createEngineAsync, which compiles them', async () => {
  // As Chrome did on a page's main thread before 115, whose words these are.
  const small = new WeakSet();
  const refusing = (what: 'Module' | 'Instance', text: string) =>
    new Proxy(WebAssembly[what] as new (from: object) => object, {
      construct(target, [from, ...rest]: [BufferSource, ...unknown[]], newTarget) {
        if (!small.has(from) && !(from.byteLength <= 4096)) throw new RangeError(text);
        const made = Reflect.construct(target, [from, ...rest], newTarget);
        small.add(made);
        return made;
      },
    });
  const compile =
    'WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB. ' +
    'Use WebAssembly.compile, or compile on a worker thread.';
  const Module = refusing('Module', compile);
  const Instance = refusing('Instance', 'WebAssembly.Instance is disallowed on the main thread');
  vi.stubGlobal('WebAssembly', Object.assign(Object.create(WebAssembly), { Module, Instance }));
  const api = await fresh('index');
  expect(api.engine.backendReason).toBe(
    `fell back to TypeScript: the core kernels (WebAssembly with SIMD) cannot be instantiated here: RangeError: ${compile}; ` +
      'createEngine({ module }) takes bitgrad/kernels.wasm, createEngineAsync may do without',
  );
  expect(() => api.createEngine({ backend: 'wasm' })).toThrow(', createEngineAsync may do without');
  const engine = await api.createEngineAsync();
  expect([engine.backend, engine.sigmoid(0)]).toEqual(['wasm', 0.5]);
  const net = engine.network({ inputs: 1, layers: [1] });
  const { ran } = await net.fit([[1], [2]], [1, 2], { epochs: 1, background: false });
  expect(ran).toMatchObject({ where: 'main', backend: 'wasm' });
  expect(ran.reason).toMatch(
    /^fell back to TypeScript: the training kernels .*4KB.*; createEngine\(\{ module \}\) takes bitgrad\/training.wasm$/,
  );
});

test('without WebAssembly createEngineAsync falls back too', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const { createEngineAsync, BackendUnavailableError } = await fresh('index');
  expect((await createEngineAsync()).backend).toBe('ts');
  await expect(createEngineAsync({ backend: 'wasm' })).rejects.toThrow(BackendUnavailableError);
});

describe('BITGRAD_BACKEND', () => {
  test.each(['ts', 'wasm'] as const)('%s forces it, and says so', async (name) => {
    vi.stubEnv('BITGRAD_BACKEND', name);
    const api = await fresh('index');
    expect([api.engine.backend, api.engine.backendReason]).toEqual([name, `BITGRAD_BACKEND=${name}`]);
  });

  test('auto and nothing choose', async () => {
    for (const value of ['auto', '']) {
      vi.stubEnv('BITGRAD_BACKEND', value);
      expect((await fresh('index')).engine.backend).toBe('wasm');
    }
  });

  test('another value is an error that lists the known ones', async () => {
    vi.stubEnv('BITGRAD_BACKEND', 'fast');
    const api = await fresh('index');
    expect(() => api.sigmoid(0)).toThrow('"BITGRAD_BACKEND" must be one of auto, wasm, ts, got "fast"');
  });

  test('yields to the backend option and to the entry', async () => {
    vi.stubEnv('BITGRAD_BACKEND', 'ts');
    expect((await fresh('index')).createEngine({ backend: 'wasm' }).backend).toBe('wasm');
    expect((await fresh('wasm')).engine.backend).toBe('wasm');
    vi.stubEnv('BITGRAD_BACKEND', 'wasm');
    expect((await fresh('ts')).engine.backend).toBe('ts');
  });

  test('chooses for programs that hand in modules, too', async () => {
    vi.stubEnv('BITGRAD_BACKEND', 'ts');
    const { createEngine } = await fresh('index');
    expect(createEngine({ module: kernels }).backendReason).toBe('BITGRAD_BACKEND=ts');
  });

  test('wasm does not fall back', async () => {
    vi.stubEnv('BITGRAD_BACKEND', 'wasm');
    vi.stubGlobal('WebAssembly', undefined);
    const api = await fresh('index');
    expect(() => api.sigmoid(0)).toThrow(api.BackendUnavailableError);
  });
});

test('concurrent first use: engines of their own, one shared by the functions', async () => {
  const api = await fresh('index');
  const [a, b, ...values] = await Promise.all([
    api.createEngineAsync(),
    api.createEngineAsync(),
    ...Array.from({ length: 8 }, async (_, i) => api.dot([i, 1], [2, 3])),
  ]);
  expect(values).toEqual(Array.from({ length: 8 }, (_, i) => 2 * i + 3));
  const [engineA, engineB] = [a, b] as [Entry.Engine, Entry.Engine];
  const inA = engineA.matrix([[1, 2]]);
  const inB = engineB.matrix([[3, 4]]);
  expect(inA.data.buffer).not.toBe(inB.data.buffer);
  expect(engineA.matmul(inA, inB, { transposeB: true }).toArray()).toEqual([[11]]);
});

test('works in worker threads, with the same bits', async () => {
  const bundle = await build({
    entryPoints: [new URL('src/index.ts', root).pathname],
    bundle: true,
    format: 'cjs',
    // What the build writes; no thread of its own is started here.
    external: ['./worker-text.cjs'],
    platform: 'node',
    write: false,
  });
  const code = `${bundle.outputFiles[0].text}
    const api = module.exports;
    const { output, hiddenGradient } = api.forwardAndBackward(...[[50, 7], [50, 2], [7, 5], [5, 2]].map(
      ([rows, cols], seed) => api.random(seed).rand(rows, cols)));
    require('node:worker_threads').parentPort.postMessage([api.engine.backend, output.data, hiddenGradient.data]);`;
  const results = await Promise.all(
    Array.from({ length: 3 }, () => {
      const worker = new Worker(code, { eval: true });
      return new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    }),
  );
  const { forwardAndBackward, random } = await fresh('index');
  const shapes = [
    [50, 7],
    [50, 2],
    [7, 5],
    [5, 2],
  ];
  const [X, y, W1, W2] = shapes.map(([rows, cols], seed) => random(seed).rand(rows, cols));
  const { output, hiddenGradient } = forwardAndBackward(X, y, W1, W2);
  for (const result of results) expect(result).toEqual(['wasm', output.data, hiddenGradient.data]);
  expect(results).toHaveLength(3);
});
