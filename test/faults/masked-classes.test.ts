// Classes that are masked out: a logit of -Infinity. The loss is that of the classes left, as in PyTorch's cross_entropy
// of labels.

import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/common.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';

const MASK = Number.NEGATIVE_INFINITY;
/** Logits 1, 2 and -Infinity for the input 1. */
const SHAPE = {
  inputs: 1,
  layers: [{ units: 3, activation: 'softmax' as const, weights: [[1, 2, 5]], biases: [0, 0, MASK] }],
  loss: 'crossEntropy' as const,
};
/** log(e + e^2) - 1 and - 2, and e / (e + e^2): torch.nn.functional.cross_entropy and its gradient give the same. */
const LOSS_OF_FIRST = 1.3132616875182228;
const LOSS_OF_SECOND = 0.31326168751822286;
const FIRST = 0.2689414213699951;

describe.each(entries)('%s', (_, { engine }) => {
  test.each(dtypes)('loss and gradients are those of the classes left (%s)', (dtype) => {
    const digits = dtype === 'f64' ? 14 : 6;
    const close = (got: ArrayLike<number>, wanted: number[]) => {
      expect(got.length).toBe(wanted.length);
      wanted.forEach((value, i) => expect(got[i]).toBeCloseTo(value, digits));
    };
    const net = engine.network({ ...SHAPE, dtype });
    close(net.forward([[1]]).data, [FIRST, 1 - FIRST, 0]);
    expect(net.loss([[1]], [0])).toBeCloseTo(LOSS_OF_FIRST, digits);
    expect(net.loss([[1], [1]], [0, 1])).toBeCloseTo((LOSS_OF_FIRST + LOSS_OF_SECOND) / 2, digits);
    const { weights, biases, inputs } = net.gradients([[1]], [0], { wrtInputs: true });
    close(weights[0].data, [FIRST - 1, 1 - FIRST, 0]);
    close((biases[0] as Matrix).data, [FIRST - 1, 1 - FIRST, 0]);
    close((inputs as Matrix).data, [FIRST - 1 + 2 * (1 - FIRST)]);
    close(net.perSampleGradients([[1]], [0]).data, [FIRST - 1, 1 - FIRST, 0, FIRST - 1, 1 - FIRST, 0]);
    // Targets of 0 leave a class out whatever the others are.
    expect(net.loss([[1]], [[0.25, 0.75, 0]])).toBeCloseTo(0.25 * LOSS_OF_FIRST + 0.75 * LOSS_OF_SECOND, digits);
    expect(net.loss([[1]], [[0.25, 0.75, -0]])).toBe(net.loss([[1]], [[0.25, 0.75, 0]]));
  });

  test.each(dtypes)('what is masked and meant is infinitely wrong, and NaN stays NaN (%s)', (dtype) => {
    const net = engine.network({ ...SHAPE, dtype });
    expect(net.loss([[1]], [2])).toBe(Infinity);
    expect(net.loss([[Number.NaN]], [0])).toBeNaN();
    net.parameters = [1, Number.NaN, 5, 0, 0, MASK];
    for (const label of [0, 1, 2]) expect(net.loss([[1]], [label])).toBeNaN();
    net.parameters = [1, 2, 5, MASK, MASK, MASK];
    expect(net.loss([[1]], [0])).toBeNaN(); // no class is left: so in PyTorch
  });

  test.each([
    ['sgd', { name: 'sgd', learningRate: 0.1, momentum: 0.9 }],
    ['adam', { name: 'adam', learningRate: 0.1 }],
    ['rmsprop', { name: 'rmsprop', learningRate: 0.01 }],
    ['lbfgs', 'lbfgs'],
  ] as const)('a training keeps the mask and learns the rest (%s)', async (_, optimizer) => {
    const X = [[-2], [-1], [1], [2]];
    const y = [0, 0, 1, 1];
    const net = engine.network({
      inputs: 1,
      layers: [{ units: 3, activation: 'softmax', biases: [0, 0, MASK] }],
      loss: 'crossEntropy',
      onNonFinite: 'throw',
    });
    const { loss } = await net.fit(X, y, { epochs: 30, optimizer, background: false });
    expect(loss.every(Number.isFinite)).toBe(true);
    expect(loss[loss.length - 1]).toBeLessThan(loss[0]);
    expect((net.biases[0] as Matrix).data[2]).toBe(MASK);
    expect(
      net
        .forward(X)
        .toArray()
        .every((row) => row[2] === 0),
    ).toBe(true);
  });
});

test.each(dtypes)('both backends have the same bits, masked or not (%s)', (dtype) => {
  const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
  const labels = rows.map((_, i) => i % 4);
  for (const mask of [0, MASK]) {
    const [a, b] = [ts, wasm].map(({ engine }) => {
      const layers = [{ units: 5, activation: 'softmax' as const, biases: [1, 0, -1, 2, mask] }];
      const net = engine.network({ inputs: 2, layers, loss: 'crossEntropy', dtype });
      return net.gradients(rows, labels);
    });
    expect(a.loss).toBe(b.loss);
    expect(Number.isFinite(a.loss)).toBe(true);
    expectSameBits(a.weights[0].data, b.weights[0].data);
    expectSameBits((a.biases[0] as Matrix).data, (b.biases[0] as Matrix).data);
  }
});
