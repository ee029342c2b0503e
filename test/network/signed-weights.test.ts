// Sample weights below 0: where sums stay sums, and nowhere else.

import { describe, expect, test } from 'vitest';
import { train } from '../../src/train/index.js';
import { dtypes, entries } from '../support/backends.js';
import { expectNear, flatten, UNIT, uniform } from '../support/networks.js';

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    const build = (reduction: 'sum' | 'mean' = 'sum') =>
      api.network({ inputs: 2, layers: [{ units: 3, activation: 'tanh' }, 1], dtype, reduction, seed: 1 });
    const [X, y] = [uniform(dtype, 300, 2, 1), uniform(dtype, 300, 1, 2)];
    const w = uniform(dtype, 300, 1, 3).data;

    test('gradients, gradientsInto and loss are those of what is above 0 less those of what is below', () => {
      const net = build();
      const parts = [(x: number) => Math.max(x, 0), (x: number) => Math.max(-x, 0)].map((of) =>
        net.gradients(X, y, { sampleWeight: w.map(of), wrtInputs: true }),
      );
      const got = net.gradients(X, y, { sampleWeight: w, wrtInputs: true });
      const [up, down] = parts.map(flatten);
      const near = (a: ArrayLike<number>, b: ArrayLike<number>, c: ArrayLike<number>, bound: number) =>
        expectNear(
          a,
          Array.from(b, (x, i) => x - c[i]),
          () => bound,
        );
      near(flatten(got), up, down, 600 * 10 * UNIT[dtype]);
      near([got.loss], [parts[0].loss], [parts[1].loss], 600 * 10 * UNIT[dtype]);
      const [inputs, above, below] = [got, ...parts].map((each) => each.inputs?.data as Float64Array);
      near(inputs, above, below, 0);
      expect(net.loss(X, y, { sampleWeight: w })).toBe(got.loss);
      const out = net.zeroGradients();
      expect([...net.gradientsInto(X, y, out, { sampleWeight: w }).parameters]).toEqual(flatten(got));
      // Whatever they add up to, nothing is divided by it.
      const balanced = net.gradients({ rows: 2, cols: 2, data: X.data.slice(0, 4) }, [1, 2], { sampleWeight: [1, -1] });
      expect(flatten(balanced).every(Number.isFinite)).toBe(true);
      net.dispose();
    });
  });

  const sum = () => api.network({ inputs: 1, layers: [1], reduction: 'sum' });
  const [X, y] = [
    [[1], [2]],
    [1, 2],
  ];

  test('a mean, partial sums and a penalty by the total refuse them', () => {
    const mean = api.network({ inputs: 1, layers: [1] });
    const net = sum();
    const sampleWeight = [1, -1];
    const wanted = '"sampleWeight"[1] must be a finite number, 0 or more, got -1';
    expect(() => mean.gradients(X, y, { sampleWeight })).toThrow(wanted);
    expect(() => mean.loss(X, y, { sampleWeight })).toThrow(wanted);
    expect(() => net.partialGradients(X, y, { sampleWeight })).toThrow(wanted);
    const options = { sampleWeight, l2: 0.1, penalty: 'scikitLearn' as const };
    expect(() => net.gradients(X, y, options)).toThrow(
      '"sampleWeight" must not be all 0, nor too large to add up: its sum',
    );
    expect(net.gradients(X, y, { ...options, sampleWeight: [2, -1] }).loss).toBeGreaterThan(-Infinity);
    for (const each of [mean, net]) each.dispose();
  });

  test.each([
    [[1, Number.NaN], '"sampleWeight"[1] must be a finite number, got NaN'],
    [[-Infinity, 1], '"sampleWeight"[0] must be a finite number, got -Infinity'],
    [[-1.7e308, -1.7e308], 'its sum is -Infinity'],
  ])('%j is refused', (sampleWeight, message) => {
    const net = sum();
    expect(() => net.gradients(X, y, { sampleWeight })).toThrow(message);
    net.dispose();
  });

  test('fit refuses them unless it is told that they are meant', async () => {
    const net = sum();
    const data = { X, y, sampleWeight: [1, -0.5] };
    const wanted = '"sampleWeight"[1] must be a finite number, 0 or more, got -0.5';
    await expect(train(net, data)).rejects.toThrow(wanted);
    await expect(net.fit(X, y, { sampleWeight: [1, -0.5] })).rejects.toThrow(wanted);
    await expect(train(net, data, { signedWeights: true, metrics: ['mse'] })).rejects.toThrow('"metrics"');
    await expect(train(net, data, { signedWeights: 1 as never })).rejects.toThrow(
      '"signedWeights" must be true or false',
    );
    const mean = api.network({ inputs: 1, layers: [1] });
    await expect(train(mean, data, { signedWeights: true })).rejects.toThrow(
      '"signedWeights" needs reduction: \'sum\'',
    );
    for (const each of [mean, net]) each.dispose();
  });

  test('fit goes by them as a step by hand does, batches that weigh less than nothing too', async () => {
    const net = sum();
    const twin = sum();
    const rows = { X: [[1], [2], [3], [4]], y: [1, 2, 3, 4], sampleWeight: [1, -0.5, -2, -1] };
    const options = { epochs: 1, batchSize: 2, shuffle: false, background: false, signedWeights: true } as const;
    const history = await train(net, rows, { ...options, optimizer: { name: 'sgd', learningRate: 0.01 } });
    const losses = [0, 2].map((at) => {
      const slice = <T>(all: T[]) => all.slice(at, at + 2);
      const out = twin.zeroGradients();
      twin.gradientsInto(slice(rows.X), slice(rows.y), out, { sampleWeight: slice(rows.sampleWeight) });
      api.axpy(-0.01, { rows: 1, cols: 2, data: out.parameters }, { rows: 1, cols: 2, data: twin.parameters });
      return out.loss;
    });
    expect(net.parameters).toEqual(twin.parameters);
    expect(history.loss).toEqual([(losses[0] * 2 + losses[1] * 2) / 4]);
    for (const each of [net, twin]) each.dispose();
  });
});
