// What networks do with linear memory: it may grow in every call, is given back, and holds a tile of what passes through.

import { afterAll, describe, expect, test } from 'vitest';
import { DisposedError, Matrix, type ResidentMatrix } from '../../src/common.js';
import { PLACE } from '../../src/matrix/operand.js';
import { entries, expectSameBits } from '../support/backends.js';
import { flatten, type Net, uniform } from '../support/networks.js';

const KIB = 1024;
const X = Matrix.from([
  [0.5, -1],
  [2, 0.25],
  [-1.5, 1],
]);
const y = Matrix.from([
  [0, 1],
  [1, 0.5],
  [0.25, 0],
]);

/** 40 MB of inputs: 50,000 rows of 100. */
const many = new Float64Array(5e6).map((_, i) => (i % 1009) / 1009);
const labels = new Uint8Array(50_000).map((_, i) => i % 4);

let streams = 0;

describe.each(entries)('%s', (_, api) => {
  const build = (engine = api.engine) =>
    engine.network({
      inputs: 2,
      layers: [
        { units: 3, activation: 'tanh' },
        { units: 2, activation: 'sigmoid', bias: false },
      ],
      seed: 5,
    });

  test('resident weights may be given when the network makes memory grow', () => {
    const engine = api.createEngine();
    const weights = engine.matrix(uniform('f64', 100, 60, 1));
    const nets = [1, 2, 3, 4].map(() => engine.network({ inputs: 100, layers: [{ units: 60, weights }] }));
    for (const net of nets) expectSameBits(net.weights[0].data, weights.data);
  });

  test('views that the user took of linear memory are operands too when a call makes it grow', () => {
    const calls: ((net: Net, x: Matrix, t: Matrix) => ArrayLike<number>)[] = [
      (net, x) => net.forward(x).data,
      (net, x, t) => flatten(net.gradients(x, t)),
      (net, x, t) => net.gradientsInto(x, t, net.zeroGradients()).parameters.slice(),
      (net, x, t) => net.perSampleGradients(x, t).data,
      (net, x, t) => net.gradientNorms(x, t),
      (net, x) => net.jacobian(x).data,
      (net, x, t) => [net.loss(x, t, { sampleWeight: t.data.subarray(0, 100).map(Math.abs) })],
    ];
    for (const call of calls) {
      const engine = api.createEngine();
      const [x, t] = [uniform('f64', 100, 2, 1), uniform('f64', 100, 300, 2)];
      const wide = () => engine.network({ inputs: 2, layers: [{ units: 300, activation: 'gelu' }] });
      const [resident, target] = [engine.matrix(x), engine.matrix(t)];
      const net = wide();
      const view = ({ rows, cols, data }: Matrix) => ({ rows, cols, data }) as Matrix;
      const before = engine.info().memoryBytes;
      const got = call(net, view(resident), view(target));
      expect(engine.info().memoryBytes).toBeGreaterThan(before);
      expectSameBits(Float64Array.from(got), Float64Array.from(call(wide(), x, t)));
    }
  });

  test('after dispose every method refuses, and so do its views; again is harmless', () => {
    const net = build();
    const out = net.zeroGradients({ rows: 3 });
    const [partial, json] = [net.partialGradients(X, y), JSON.stringify(net)];
    const { weights, biases } = net;
    net.gradients(X, y);
    net.dispose();
    net.dispose();
    net[Symbol.dispose]();
    expect(net.disposed).toBe(true);
    const uses: [string, () => unknown][] = [
      ['forward', () => net.forward(X)],
      ['forwardInto', () => net.forwardInto(X, Matrix.zeros(3, 2))],
      ['loss', () => net.loss(X, y)],
      ['gradients', () => net.gradients(X, y)],
      ['gradientsInto', () => net.gradientsInto(X, y, out)],
      ['zeroGradients', () => net.zeroGradients()],
      ['partialGradients', () => net.partialGradients(X, y)],
      ['gradientsFrom', () => net.gradientsFrom(partial)],
      ['perSampleGradients', () => net.perSampleGradients(X, y)],
      ['gradientNorms', () => net.gradientNorms(X, y)],
      ['jacobian', () => net.jacobian(X)],
      ['checkGradients', () => net.checkGradients(X, y)],
      ['clone', () => net.clone()],
      ['toJSON', () => net.toJSON()],
      ['JSON.stringify', () => JSON.stringify(net)],
      ['parameters', () => net.parameters],
      ['parameters =', () => (net.parameters = new Float64Array(15))],
      ['a view of weights', () => weights[0].data],
      ['a view of biases', () => biases[0]?.toArray()],
      ['weights as an operand', () => api.matmul(X, weights[0])],
    ];
    for (const [what, use] of uses) expect(use, what).toThrow(DisposedError);
    expect(api.Network.fromJSON(json).forward(X)).toEqual(build().forward(X));
  });

  test('so does the summary', () => {
    const net = build();
    net.dispose();
    expect(() => net.summary()).toThrow(DisposedError);
  });

  test('1,000 networks made, used and disposed of take the memory of one', () => {
    const engine = api.createEngine();
    const use = (i: number) => {
      const net = engine.network({ inputs: 2, layers: [{ units: 1 + (i % 40), activation: 'gelu' }, 2] });
      const out = net.zeroGradients({ rows: 3 });
      net.gradientsInto(X, y, out, { sampleWeight: [1, 2, 3], l2: 1 });
      net.gradients(X, y, { wrtInputs: true });
      net.perSampleGradients(X, y);
      net.gradientNorms(X, y);
      net.jacobian(X);
      net.clone().dispose();
      if (i % 100 === 0) net.checkGradients(X, y);
      out.dispose();
      net.dispose();
    };
    for (let i = 0; i < 40; i++) use(i);
    const { memoryBytes } = engine.info();
    for (let i = 0; i < 1000; i++) use(i);
    expect(engine.info().memoryBytes).toBe(memoryBytes);
  });

  test('networks and gradients that were refused keep no memory', () => {
    const engine = api.createEngine();
    const net = engine.network({ inputs: 100, layers: [100] });
    const biases = ['x' as unknown as number, ...Array(99).fill(0)];
    const refused = [
      () => engine.network({ inputs: 100, layers: [{ units: 100, biases }] }),
      () => net.zeroGradients({ rows: -1 }),
    ];
    for (const call of refused) {
      expect(call).toThrow(api.ValueError);
      const { memoryBytes } = engine.info();
      for (let i = 0; i < 100; i++) expect(call).toThrow(api.ValueError);
      expect(engine.info().memoryBytes).toBe(memoryBytes);
    }
  });

  test('gradients that were disposed of refuse to be read or written', () => {
    const net = build();
    const out = net.gradientsInto(X, y, net.zeroGradients({ rows: 3 }));
    out.dispose();
    out.dispose();
    expect(() => net.gradientsInto(X, y, out)).toThrow(DisposedError);
    expect(() => out.weights[0].data).toThrow(DisposedError);
    expect(() => out.inputs?.data).toThrow(DisposedError);
    expect(() => out.parameters).toThrow(DisposedError);
    expect(() => out.loss).toThrow(DisposedError);
  });

  test("with the inputs' gradients disposed of alone, nothing is written to their memory", () => {
    const engine = api.createEngine();
    const net = build(engine);
    net.gradients(X, y);
    const out = net.zeroGradients({ rows: 3 });
    net.gradientsInto(X, y, out);
    const { address } = (out.inputs as ResidentMatrix)[PLACE];
    out.inputs?.dispose();
    const other = engine.zeros(3, 2);
    expect(other[PLACE].address).toBe(address);
    expect(() => net.gradientsInto(X, y, out)).toThrow(DisposedError);
    expect(other.toArray()).toEqual(Array(3).fill([0, 0]));
  });

  test.each([
    ['f64', 40e6],
    ['f32', 20e6],
  ] as const)('%s: %d bytes of inputs stream through a tile', (dtype, bytes) => {
    const engine = api.createEngine({ dtype });
    const net = engine.network({ inputs: 100, layers: [{ units: 4, activation: 'softmax' }], loss: 'crossEntropy' });
    const out = net.zeroGradients();
    const before = engine.info().memoryBytes;
    const rows = bytes / 800;
    const X = new Matrix(rows, 100, many.subarray(0, rows * 100));
    const y = labels.subarray(0, rows);
    const outputs = net.forward(X);
    net.gradientsInto(X, y, out);
    // 256 rows of inputs, outputs and targets, their losses, 9 partial sums of 405 numbers: 300 KB, and a quarter of all
    // that the heap adds when it grows.
    const { memoryBytes } = engine.info();
    expect(memoryBytes - before).toBeLessThanOrEqual(1.25 * 300 * KIB + 0.25 * before + 64 * KIB);
    expect(net.forward(new Matrix(5, 100, X.data.slice(-500))).data).toEqual(outputs.data.slice(-20));
    // A tile of the inputs' gradients.
    const { inputs } = net.gradients(new Matrix(20_000, 100, many.subarray(0, 2e6)), y.subarray(0, 20_000), {
      wrtInputs: true,
    });
    expect(inputs?.rows).toBe(20_000);
    expect(engine.info().memoryBytes - memoryBytes).toBeLessThanOrEqual(
      1.25 * 200 * KIB + 0.25 * memoryBytes + 64 * KIB,
    );
    streams++;
  });
});

afterAll(() => {
  expect(streams).toBe(4);
});
