// Networks as objects: what they compute next to forwardAndBackward, their parameters, copies, summary.

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/common.js';
import { arrayOf, dtypes, entries, expectSameBits } from '../support/backends.js';
import { uniform } from '../support/networks.js';

const negative = (matrix: Matrix) => matrix.data.map((x) => -x);

describe.each(entries)('%s', (_, api) => {
  const layers = [
    { units: 3, activation: 'tanh' as const },
    { units: 2, activation: 'sigmoid' as const, bias: false },
  ];
  /** Parameters: 2 x 3, 3, 3 x 2. */
  const build = () => api.network({ inputs: 2, layers, seed: 5 });
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

  test.each(dtypes)("it is forwardAndBackward's network, to the bit, and minus its gradients (%s)", (dtype) => {
    let checked = 0;
    for (const rows of [1, 2, 7, 255, 256]) {
      for (const [inputs, hidden, outputs] of [
        [2, 3, 1],
        [1, 1, 1],
        [7, 20, 5],
        [64, 33, 10],
      ]) {
        const [x, t] = [uniform(dtype, rows, inputs, rows), uniform(dtype, rows, outputs, rows + 1)];
        const [W1, W2] = [uniform(dtype, inputs, hidden, 3), uniform(dtype, hidden, outputs, 4)];
        const expected = api.forwardAndBackward(x, t, W1, W2);
        const h = api.sigmoid(api.matmul(x, W1));
        const net = api.network({
          inputs,
          layers: [
            { units: hidden, weights: W1 },
            { units: outputs, weights: W2 },
          ],
          activation: 'sigmoid',
          loss: 'squaredError',
          reduction: 'sum',
          bias: false,
          dtype,
        });
        expectSameBits(net.forward(x).data, expected.output.data);
        const { weights, biases } = net.gradients(x, t);
        const transposeA = true;
        expectSameBits(weights[1].data, negative(api.matmul(h, expected.outputGradient, { transposeA })));
        expectSameBits(weights[0].data, negative(api.matmul(x, expected.hiddenGradient, { transposeA })));
        expect(biases).toEqual([undefined, undefined]);
        net.dispose();
        checked++;
      }
    }
    expect(checked).toBe(20);
  });

  test('it says what it is', () => {
    const net = build();
    expect([net.inputs, net.outputs, net.dtype, net.disposed]).toEqual([2, 2, 'f64', false]);
    expect(net).toBeInstanceOf(api.Network);
    expect(new api.Network({ inputs: 2, layers, seed: 5 }).parameters).toEqual(net.parameters);
    expect(api.createEngine({ dtype: 'f32' }).network({ inputs: 1, layers: [1] }).dtype).toBe('f32');
    const plain = api.network({ inputs: 2, layers: [3] }).toJSON().options;
    expect(plain).toMatchObject({ loss: 'mse', huberDelta: 1, dtype: 'f64', seed: 0, reduction: 'mean' });
    expect(plain.layers[0]).toMatchObject({ activation: 'identity', bias: true, initializer: 'glorotUniform' });
    expect(plain.onNonFinite).toBe('propagate');
  });

  test('parameters: layer by layer, weights row by row, then biases; a view that can be assigned', () => {
    const net = build();
    const [{ data: w0 }, { data: w1 }] = net.weights;
    expect(net.weights.map(({ shape }) => shape)).toEqual([
      [2, 3],
      [3, 2],
    ]);
    expect(net.biases.map((each) => each?.shape)).toEqual([[1, 3], undefined]);
    expect([...net.parameters]).toEqual([...w0, ...(net.biases[0]?.data ?? []), ...w1]);
    net.parameters = Array.from({ length: 15 }, (_, i) => i);
    expect(net.weights[0].toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(net.biases[0]?.toArray()).toEqual([[6, 7, 8]]);
    expect(net.weights[1].toArray()).toEqual([
      [9, 10],
      [11, 12],
      [13, 14],
    ]);
    const copy = net.parameters.slice();
    net.parameters[14] = -1;
    expect([net.weights[1].get(2, 1), net.parameters[14], copy[14]]).toEqual([-1, -1, 14]);
    net.parameters = net.parameters.subarray().map((x) => x / 2);
    expect(net.weights[0].get(1, 2)).toBe(2.5);
    expect(net.parameters).toBeInstanceOf(Float64Array);
    expect(api.network({ inputs: 1, layers: [1], dtype: 'f32' }).parameters).toBeInstanceOf(Float32Array);
  });

  test('what is written to weights and biases is what counts: engine functions may write there', () => {
    const net = api.network({ inputs: 2, layers: [1] });
    net.weights[0].set(0, 0, 3).set(1, 0, 5);
    net.biases[0]?.set(0, 0, 7);
    expect(net.forward([[1, 10]]).toArray()).toEqual([[60]]);
    api.axpy(-1, [[1], [2]], net.weights[0]);
    api.axpy(2, [[0.5]], net.biases[0] as Matrix);
    expect(net.forward([[1, 10]]).toArray()).toEqual([[2 + 30 + 8]]);
    net.weights[0].data.fill(0);
    expect(net.forward([[1, 10]]).toArray()).toEqual([[8]]);
    net.weights[0].dispose(); // they belong to the network
    expect(net.forward([[1, 10]]).toArray()).toEqual([[8]]);
  });

  test('weights and biases may be given, of any form and either dtype, beside layers that draw theirs', () => {
    const weights = [
      [0.1, 2],
      [3, 4],
      [5, 6],
    ];
    for (const given of [
      weights,
      Matrix.from(weights),
      api.matrix(weights),
      { rows: 3, cols: 2, data: weights.flat() },
    ]) {
      for (const biases of [[7, 8], Float64Array.of(7, 8), [[7, 8]], Matrix.from([[7, 8]], { dtype: 'f32' })]) {
        for (const dtype of dtypes) {
          const net = api.network({ inputs: 3, layers: [{ units: 2, weights: given, biases }, 4], dtype, seed: 8 });
          expectSameBits(net.parameters.slice(0, 8), arrayOf(dtype, [...weights.flat(), 7, 8]));
          const drawn = api.network({ inputs: 3, layers: [2, 4], dtype, seed: 8 });
          expectSameBits(net.weights[1].data, drawn.weights[1].data);
        }
      }
    }
  });

  test.each(dtypes)('inputs and targets of the other dtype are rounded to %s first', (dtype) => {
    const net = api.network({ inputs: 2, layers, dtype });
    const other = dtype === 'f64' ? 'f32' : 'f64';
    const [x, t] = [uniform(other, 9, 2, 1), uniform(other, 9, 2, 2)];
    const [rounded, target] = [Matrix.from(x, { dtype }), Matrix.from(t, { dtype })];
    for (const [a, b] of [
      [x, t],
      [api.matrix(x), api.matrix(t)],
      [x.toArray(), t.toArray()],
    ]) {
      expectSameBits(net.forward(a).data, net.forward(rounded).data);
      expect(net.gradients(a, b, { wrtInputs: true })).toEqual(net.gradients(rounded, target, { wrtInputs: true }));
      expectSameBits(net.perSampleGradients(a, b).data, net.perSampleGradients(rounded, target).data);
    }
    expect(net.forward(x).dtype).toBe(dtype);
    expect(net.forwardInto(x, Matrix.zeros(9, 2, { dtype }))).toEqual(net.forward(x));
  });

  test('a clone has the same parameters and options, and is independent', () => {
    const options = { loss: 'huber', huberDelta: 0.3, reduction: 'sum', onNonFinite: 'throw', seed: 3 } as const;
    const slopes = [
      { units: 3, activation: 'leakyRelu' as const, negativeSlope: 0.3 },
      { units: 2, activation: 'elu' as const, alpha: 0.4 },
    ];
    const net = api.network({ inputs: 2, layers: slopes, ...options });
    net.parameters = net.parameters.map((x) => x + 0.5);
    const twin = net.clone();
    expect(twin.toJSON()).toEqual(net.toJSON());
    expect(twin.gradients(X, y)).toEqual(net.gradients(X, y));
    const before = net.parameters.slice();
    twin.parameters.fill(1);
    expectSameBits(net.parameters.slice(), before);
    net.dispose();
    expect(twin.forward([[1, 1]]).toArray()).toEqual([[10, 10]]);
  });

  test("a clone is one of its engine's networks", () => {
    expect(build().clone()).toBeInstanceOf(api.Network);
  });

  test('a summary is a table of the layers, with their sum', () => {
    const big = api.network({
      inputs: 784,
      layers: [
        { units: 128, activation: 'relu' },
        { units: 10, activation: 'softmax', bias: false },
      ],
      loss: 'crossEntropy',
      dtype: 'f32',
      reduction: 'sum',
    });
    expect(`${big.summary()}\n`).toBe(`\
layer  shape      activation  parameters    bytes  multiply-adds/row
0      784 x 128  relu           100,480  401,920            100,352
1      128 x 10   softmax          1,280    5,120              1,280
total                            101,760  407,040            101,632
crossEntropy, sum, f32
`);
  });
});
