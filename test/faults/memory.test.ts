// Views of linear memory: kept while memory grows, after their owner is gone, after dispose(); and loops that drop matrices.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DisposedError, Matrix, mergePartials, OutOfMemoryError, ValueError } from '../../src/common.js';
import { PLACE } from '../../src/matrix/operand.js';
import { entries } from '../support/backends.js';

const PROGRAM = fileURLToPath(new URL('collect.mts', import.meta.url));
const MIB = 2 ** 20;

/** What collect.mts finds in a process of its own that may call the collector. */
async function collecting(backend: string, what: 'views'): Promise<{ kept: number; reused: number }>;
async function collecting(backend: string, what: 'loops'): Promise<Record<string, { bytes: number; limit: number }>>;
async function collecting(backend: string, what: string): Promise<unknown> {
  const args = ['--expose-gc', '--import', 'tsx', PROGRAM, backend, what];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return JSON.parse(stdout);
}

describe.each(entries)('%s', (name, api) => {
  const X = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const y = [1, 3, 2, 4];

  test('the commonest loop trains: parameters and gradients taken once, before it', () => {
    const engine = api.createEngine();
    const net = engine.network({ inputs: 2, layers: [{ units: 8, activation: 'tanh' }, 1], seed: 1 });
    const out = net.zeroGradients();
    const [p, g] = [net.parameters, out.parameters];
    const first = net.gradientsInto(X, y, out).loss;
    for (let step = 0; step < 200; step++) {
      net.gradientsInto(X, y, out);
      for (let i = 0; i < p.length; i++) p[i] -= 0.05 * g[i];
      if (step === 100) engine.zeros(1000, 1000); // memory grows in between
    }
    expect(out.loss).toBeLessThan(first / 100);
    expect(net.parameters).toBe(p);
  });

  test('growth detaches no view, whatever hands it out', () => {
    const engine = api.createEngine();
    const net = engine.network({ inputs: 2, layers: [3, 1], seed: 1 });
    const matrix = engine.matrix([
      [1, 2],
      [3, 4],
    ]);
    const out = net.zeroGradients({ rows: 2 });
    const views = [
      matrix.data,
      matrix.data.subarray(1),
      [...matrix][1],
      net.parameters,
      net.weights[0].data,
      out.parameters,
      out.weights[1].data,
      (out.inputs as Matrix).data,
    ];
    const before = views.map((view) => Array.from(view));
    for (let i = 0; i < 20; i++) engine.zeros(1 << i, 8);
    net.gradients(Matrix.zeros(1000, 2), Matrix.zeros(1000, 1));
    expect(views.map((view) => Array.from(view))).toEqual(before);
    views[2][0] = 30;
    expect(matrix.toArray()).toEqual([
      [1, 2],
      [30, 4],
    ]);
  });

  test("after dispose() the memory of a view that was handed out is no one else's", () => {
    const engine = api.createEngine();
    const dropped = engine.matrix([[1, 2, 3]]);
    const view = dropped.data.subarray(1);
    dropped.dispose();
    const net = engine.network({ inputs: 3, layers: [3], seed: 1 });
    const kept = net.weights[0].data;
    net.dispose();
    const others = Array.from({ length: 50 }, () => engine.zeros(3, 3));
    view.fill(7);
    kept.fill(7);
    for (const other of others) expect(other.toArray().flat()).toEqual(Array(9).fill(0));
    expect([...view]).toEqual([7, 7]);
    expect(() => dropped.data).toThrow(DisposedError);
    expect(() => net.weights[0].data).toThrow(DisposedError);
  });

  test('without a view, dispose() gives memory back at once', () => {
    const engine = api.createEngine();
    const first = engine.zeros(3, 3);
    const { address } = first[PLACE];
    first.set(0, 0, 1);
    expect([first.get(0, 0), first.toArray().length, String(first).length > 0]).toEqual([1, 3, true]);
    engine.matmul(first, first);
    first.dispose();
    expect(engine.zeros(3, 3)[PLACE].address).toBe(address);
  });

  test('a view is an ordinary typed array', () => {
    const { data } = api.matrix([[1, 2, 3]]);
    expect(Object.keys(data)).toEqual(['0', '1', '2']);
    expect(data).toStrictEqual(Float64Array.of(1, 2, 3));
    expect(Object.getPrototypeOf(data)).toBe(Float64Array.prototype);
    expect(data.subarray(1, 2)).toStrictEqual(Float64Array.of(2));
    expect(data.subarray(1).subarray(1)).toStrictEqual(Float64Array.of(3));
    expect(data.slice(1).buffer).not.toBe(data.buffer);
  });

  test('a kept view keeps its memory when the network it came from is collected; then it is given back', async () => {
    const { kept, reused } = await collecting(name, 'views');
    expect(kept).toBe(0);
    expect(reused).toBe(1);
  }, 60_000);

  test('loops that drop matrices collect: with or without views, waiting for something or not', async () => {
    const results = Object.entries(await collecting(name, 'loops'));
    expect(results).toHaveLength(4);
    for (const [what, { bytes, limit }] of results) {
      expect(limit, what).toBe(40 * MIB);
      expect(bytes, what).toBeGreaterThan(2 * limit);
    }
  }, 120_000);

  test('memoryBytes is the limit, of which nothing is used before it is needed', () => {
    const engine = api.createEngine({ memoryBytes: 4 * MIB });
    expect(engine.info().memoryLimitBytes).toBe(4 * MIB);
    const small = engine.zeros(10, 10);
    expect(small.data.length).toBe(100);
    expect(engine.info().memoryBytes).toBe(65536);
    expect(() => engine.zeros(1000, 1000)).toThrow(OutOfMemoryError);
    expect(() => engine.zeros(1000, 1000)).toThrow(
      `linear memory ends at ${4 * MIB} bytes, which createEngine({ memoryBytes }) sets`,
    );
    expect(small.data.length).toBe(100);
    for (const memoryBytes of [0, -1, 1.5, 2 ** 33, '1 GiB' as unknown as number]) {
      expect(() => api.createEngine({ memoryBytes })).toThrow(ValueError);
    }
  });

  test("getters and proxies: numbers as first read, or a named error; never another matrix's", () => {
    const engine = api.createEngine();
    const a = engine.matrix([[1, 2]]);
    const disposing = {
      rows: 2,
      cols: 1,
      get data() {
        a.dispose();
        engine.zeros(1, 2);
        return [1, 1];
      },
    };
    expect(() => engine.matmul(a, disposing)).toThrow(DisposedError);
    const net = engine.network({ inputs: 2, layers: [2], seed: 1 });
    const wanted = net.gradients([[1, 2]], [[3, 4]]);
    const nested = new Proxy([[3, 4]], {
      get(target, key, receiver) {
        if (key === '0')
          net.gradients(
            [
              [9, 9],
              [8, 8],
            ],
            [
              [7, 7],
              [6, 6],
            ],
            { l2: 3 },
          );
        return Reflect.get(target, key, receiver);
      },
    });
    const got = net.gradients([[1, 2]], nested);
    expect([got.loss, got.weights[0].toArray()]).toEqual([wanted.loss, wanted.weights[0].toArray()]);
    let reads = 0;
    const changing = {
      rows: 1,
      cols: 2,
      get data() {
        return [++reads, 1];
      },
    };
    expect(engine.sigmoid(changing)).toEqual(engine.sigmoid([[1, 1]]));
    const row = Float64Array.of(5, 6);
    const detaching = {
      rows: 2,
      cols: 1,
      get data() {
        structuredClone(row.buffer, { transfer: [row.buffer] });
        return [1, 1];
      },
    };
    expect(() => engine.matmul({ rows: 1, cols: 2, data: row }, detaching)).toThrow('"a" has a detached buffer');
    const throwing = {
      rows: 1,
      cols: 1,
      get data(): number[] {
        throw new Error('mine');
      },
    };
    expect(() => engine.sigmoid(throwing)).toThrow('"x" cannot be read');
    const shrinking: number[][] = [
      [1, 2],
      [3, 4],
    ];
    const cutting = new Proxy(shrinking[1], {
      get(target, key) {
        if (key !== '0') return Reflect.get(target, key);
        target.length = 0;
        return 3;
      },
    });
    expect(() => engine.sigmoid([shrinking[0], cutting])).toThrow('"x"[1][1] must be a number');
    const suicidal = engine.network({ inputs: 1, layers: [1] });
    expect(() =>
      suicidal.forward({
        rows: 1,
        cols: 1,
        get data() {
          suicidal.dispose();
          return [1];
        },
      }),
    ).toThrow(DisposedError);
  });

  test('clones: a matrix brings its numbers, what lies in linear memory throws with what to do instead', () => {
    const clone = structuredClone(Matrix.from([[1, 2]], { dtype: 'f32' }));
    expect(clone.data).toEqual(Float32Array.of(1, 2));
    expect(Matrix.from(clone).dtype).toBe('f32');
    const net = api.network({ inputs: 1, layers: [1] });
    for (const value of [api.zeros(1, 1), net, net.zeroGradients(), net.weights[0]]) {
      expect(() => structuredClone(value)).toThrow(/send Matrix.from\(matrix\), parameters.slice\(\) or toJSON\(\)/);
    }
  });

  test('images: bytes are numbers', () => {
    const pixels = Uint8ClampedArray.of(0, 128, 255, 64);
    expect(api.matmul({ rows: 2, cols: 2, data: pixels }, [[1], [2]]).toArray()).toEqual([[256], [383]]);
    const net = api.network({ inputs: 2, layers: [1], dtype: 'f32', seed: 1 });
    const rows = [Uint8Array.of(0, 128), Uint8Array.of(255, 64)];
    expect(net.forward({ rows: 2, cols: 2, data: Uint8Array.from(pixels) })).toEqual(
      net.forward([
        [0, 128],
        [255, 64],
      ]),
    );
    expect(net.forward(rows)).toEqual(
      net.forward([
        [0, 128],
        [255, 64],
      ]),
    );
  });

  test('fields that say where and how large a matrix is cannot be assigned to, and are not believed', () => {
    const engine = api.createEngine();
    const matrix = engine.matrix([[1, 2]]);
    const net = engine.network({ inputs: 2, layers: [2], seed: 1 });
    const out = net.zeroGradients({ rows: 1 });
    const before = net.parameters.slice();
    const assign = (object: object, name: string, value: unknown) => Reflect.set(object, name, value);
    const all: [object, string][] = [
      [matrix, 'rows'],
      [matrix, 'cols'],
      [matrix, 'dtype'],
      [net, 'weights'],
      [net, 'biases'],
      [net.weights, '0'],
      [net.biases, '0'],
      [out, 'weights'],
      [out, 'inputs'],
    ];
    for (const [object, name] of all) expect(assign(object, name, 100), name).toBe(false);
    // Another object that says it is larger is no such matrix.
    const forged = Object.create(matrix, { rows: { value: 100 } });
    expect(() => engine.sigmoidInto(forged, forged)).toThrow(api.ValueError);
    expect(engine.sigmoid(matrix).shape).toEqual([1, 2]);
    expect(net.parameters).toEqual(before);
  });

  test('outputs that overlap what a network reads are refused', () => {
    const net = api.network({ inputs: 1, layers: [{ units: 2, bias: false }], seed: 1 });
    const data = new Float64Array(1200).fill(1);
    const overlapping = { rows: 600, cols: 1, data: data.subarray(0, 600) };
    expect(() => net.forwardInto(overlapping, { rows: 600, cols: 2, data })).toThrow('"out" shares memory with "X"');
    const wide = api.network({ inputs: 600, layers: [{ units: 1, bias: false }], seed: 1 });
    const before = wide.parameters.slice();
    expect(() => wide.forwardInto(Matrix.zeros(600, 600), wide.weights[0])).toThrow(
      'shares memory with the parameters',
    );
    expect(wide.parameters).toEqual(before);
    const resident = api.zeros(3, 3);
    const square = api.network({ inputs: 3, layers: [3], seed: 1 });
    expect(() => square.forwardInto(resident, resident)).toThrow('"out" shares memory with "X"');
    const out = square.zeroGradients({ rows: 3 });
    const inputs = out.inputs as Matrix;
    expect(() => square.gradientsInto(inputs, resident, out)).toThrow('"out" shares memory with "X"');
    expect(() => square.gradientsInto(resident, inputs, out)).toThrow('"out" shares memory with "y"');
    expect(() => square.gradientsInto(resident, out.weights[0], out)).toThrow('"out" shares memory with "y"');
    const sampleWeight = inputs.data.fill(1).subarray(0, 3);
    expect(() => square.gradientsInto(resident, resident, out, { sampleWeight })).toThrow('with "sampleWeight"');
    square.forwardInto(resident, api.zeros(3, 3));
    square.gradientsInto(resident, resident, out);
  });

  test('a view that is sent away in a message does not take memory with it', () => {
    const engine = api.createEngine();
    const net = engine.network({ inputs: 1, layers: [1], seed: 1 });
    const before = net.parameters.slice();
    const buffer = net.parameters.buffer as ArrayBuffer;
    const { port1, port2 } = new MessageChannel();
    try {
      port1.postMessage(undefined, [buffer]);
    } catch {
      // Node 20 passes over what is not to be transferred, later ones throw.
    }
    port1.close();
    port2.close();
    expect(net.parameters).toEqual(before);
    expect(net.forward([[1]]).rows).toBe(1);
  });

  test('partials from elsewhere are checked', () => {
    const net = api.network({ inputs: 1, layers: [1] });
    const part = net.partialGradients(Matrix.zeros(256, 1), new Float64Array(256));
    const wrong: object[] = [
      { rows: -5 },
      { rows: '1' },
      { rows: 256n },
      { weightTotal: undefined },
      { weightTotal: 'abc' },
      { weightTotal: Infinity },
      { weightTotal: 256n },
      { rowOffset: Symbol('0') },
      { dtype: 'f32' },
      { sums: [0, 0, 0] },
    ];
    for (const each of wrong) {
      const bent = { ...part, ...each } as typeof part;
      expect(() => net.gradientsFrom(bent), String(Object.keys(each))).toThrow(api.BitgradError);
      expect(() => mergePartials(bent, { ...part, rowOffset: 256 })).toThrow(ValueError);
      if (!('rowOffset' in each)) expect(() => mergePartials(part, { ...bent, rowOffset: 256 })).toThrow(ValueError);
    }
  });

  test('arguments that cannot even be looked at are named', () => {
    const revoked = () => {
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      return proxy as never;
    };
    expect(() => api.sigmoid(revoked())).toThrow('"x" cannot be read');
    expect(() => api.dot(revoked(), [1])).toThrow('"a" cannot be read');
    for (const backend of [Symbol('wasm'), Object.create(null)]) {
      expect(() => api.createEngine({ backend })).toThrow(ValueError);
    }
    expect(() => api.random(1).permutation({ length: 2 ** 40 } as never)).toThrow(ValueError);
    expect(() => Matrix.from([1, 2], [1, 2, 7] as never)).toThrow('"shape" must be [rows, cols], got 3 sizes');
    expect(() => api.matmul([Int32Array.of(1)] as never, [[1]])).toThrow(api.DtypeError);
  });
});
