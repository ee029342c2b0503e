// Batch normalization beside what test/layers/oracles.test.ts and each.test.ts say of it: what becomes of its running moments.

import { describe, expect, test } from 'vitest';
import '../../src/layers/index.js';
import { fromStateDict, type Tensor, toStateDict } from '../../src/model/index.js';
import type { Network } from '../../src/network/network.js';
import { optimizers } from '../../src/train/index.js';
import { dtypes, entries, expectSameBits } from '../support/backends.js';
import { expectNear, type Net, rowsOf, uniform } from '../support/networks.js';

const norm = { kind: 'batchNorm', momentum: 0.25 } as const;
const ROWS = 50;

/** The running means and variances of a network of one batchNorm of 2 columns and nothing else. */
const momentsOf = (net: Net) => net.parameters.slice(4, 8);

/** Mean and unbiased variance of each column. */
function moments(rows: ReturnType<typeof uniform>): number[] {
  const columns = [0, 1].map((j) => Array.from(rows, (row) => row[j]));
  const means = columns.map((x) => x.reduce((a, b) => a + b) / x.length);
  const variances = columns.map((x, j) => x.reduce((sum, value) => sum + (value - means[j]) ** 2, 0) / (x.length - 1));
  return [...means, ...variances];
}

const START = [0, 0, 1, 1];
const moved = (batch: readonly number[], from = START, momentum = 0.25) =>
  from.map((x, i) => (1 - momentum) * x + momentum * batch[i]);

describe.each(entries)('on %s', (_, { engine }) => {
  const X = uniform('f64', ROWS, 2, 1, 3);
  const y = uniform('f64', ROWS, 2, 2);
  const make = (more = {}) => engine.network({ inputs: 2, layers: [norm], ...more });
  const near = (got: ArrayLike<number>, want: ArrayLike<number>) =>
    expectNear(got, want, (i) => 1e-13 * Math.max(1, Math.abs(want[i])));

  test.each(optimizers.filter((name) => name !== 'lbfgs'))(
    '%s moves them by their momentum alone',
    async (optimizer) => {
      for (const more of [{}, { clipNorm: 0.01 }, { l2: 1, l1: 1 }]) {
        const net = make();
        await net.fit(X, y, { epochs: 1, batchSize: ROWS, shuffle: false, optimizer, background: false, ...more });
        near(momentsOf(net), moved(moments(X)));
      }
    },
  );

  test('an epsilon of 0 does not make NaN of them', async () => {
    const net = make();
    const optimizer = { name: 'adam', epsilon: 0 } as const;
    await net.fit(X, y, { epochs: 2, batchSize: ROWS, shuffle: false, optimizer, background: false });
    near(momentsOf(net), moved(moments(X), moved(moments(X))));
  });

  test('each row counts alike, whatever it weighs, and of sums too', async () => {
    const sampleWeight = Array.from({ length: ROWS }, (_, i) => i % 4);
    for (const reduction of ['mean', 'sum'] as const) {
      for (const more of [{}, { sampleWeight }]) {
        const net = make({ reduction });
        const optimizer = { name: 'sgd', learningRate: 1e-3 } as const;
        await net.fit(X, y, { epochs: 1, batchSize: ROWS, shuffle: false, optimizer, background: false, ...more });
        near(momentsOf(net), moved(moments(X)));
      }
    }
  });

  test('a batch of more than 256 rows is normalized tile by tile', async () => {
    const [many, targets] = [uniform('f64', 600, 2, 3, 2), uniform('f64', 600, 2, 4)];
    const tiles = [0, 256, 512].map((from) => rowsOf(many, from, Math.min(600, from + 256)));
    const net = make();
    const slopes = net.gradients(many, targets, { rowsSeen: 0, wrtInputs: true }).inputs;
    tiles.forEach((tile, i) => {
      const own = make().gradients(tile, rowsOf(targets, 256 * i, 256 * i + tile.rows), {
        rowsSeen: 0,
        wrtInputs: true,
      });
      near(
        slopes?.data.subarray(512 * i, 512 * i + 2 * tile.rows) ?? [],
        own.inputs?.data.map((x) => (x * tile.rows) / 600) ?? [],
      );
    });
    await net.fit(many, targets, { epochs: 1, batchSize: 600, shuffle: false, background: false });
    const mean = START.map((_, j) => tiles.reduce((sum, tile) => sum + (tile.rows * moments(tile)[j]) / 600, 0));
    near(momentsOf(net), moved(mean));
  });

  test('a row by itself is normalized by the running moments, and does not move them', async () => {
    const given = { ...norm, means: [1, 2], variances: [3, 4] };
    const net = make({ layers: [given] });
    const row = rowsOf(X, 0, 1);
    expect(net.loss(row, rowsOf(y, 0, 1), { rowsSeen: 0 })).toBe(net.loss(row, rowsOf(y, 0, 1)));
    await net.fit(row, rowsOf(y, 0, 1), { epochs: 3, background: false });
    expect([...momentsOf(net)]).toEqual([1, 2, 3, 4]);
    // Nor does the last row of a batch of 257, but that each row of it has its share.
    const many = uniform('f64', 257, 2, 3, 2);
    const other = make();
    await other.fit(many, uniform('f64', 257, 2, 4), { epochs: 1, batchSize: 257, shuffle: false, background: false });
    near(momentsOf(other), moved(moments(rowsOf(many, 0, 256)), START, (0.25 * 256) / 257));
  });

  test.each(dtypes)('outside of steps they are what they are, in %s', (dtype) => {
    const net = make({ dtype, layers: [{ ...norm, means: [0.5, -1], variances: [4, 0.25] }] });
    const before = net.parameters.slice();
    const out = net.gradientsInto(X, y, net.zeroGradients({ rows: ROWS }));
    expect([...out.parameters.slice(4, 8)]).toEqual([0, 0, 0, 0]);
    net.gradients(X, y, { rowsSeen: 0 });
    net.perSampleGradients(X, y);
    expectSameBits(net.parameters.slice(), before);
  });

  test('a loop of your own that descends moves them towards the batch', () => {
    const net = make();
    const out = net.zeroGradients();
    for (let step = 0; step < 200; step++) {
      net.gradientsInto(X, y, out, { rowsSeen: step * ROWS });
      for (const [i, gradient] of out.parameters.entries()) net.parameters[i] -= 0.1 * gradient;
    }
    expectNear(momentsOf(net), moments(X), () => 1e-6);
  });

  test('what is wrong is named', async () => {
    const bad = (more: object) => () => make({ layers: [{ ...norm, ...more }] });
    expect(bad({ momentum: 0 })).toThrow('"layers[0].momentum" must be a number above 0 to below 1, got 0');
    expect(bad({ epsilon: 0 })).toThrow('"layers[0].epsilon" must be a positive finite number, got 0');
    expect(bad({ bias: false, biases: [1, 2] })).toThrow('"layers[0]" has biases, but "bias" is false');
    for (const variances of [[1, -2], Float32Array.of(1, -2), [[1, -2]], { rows: 1, cols: 2, data: [1, -2] }]) {
      expect(bad({ variances })).toThrow('"layers[0].variances"[1] is -2: variances must be 0 or more');
    }
    expect(bad({ variances: [1] })).toThrow('"layers[0].variances" is 1x1, but the layer has 1x2 variances');
    expect(bad({ variances: 'x' })).toThrow('"layers[0].variances" must be');
    const json = JSON.parse(JSON.stringify(make()));
    json.options.layers[0].variances = [1, -1e-9];
    expect(() => engine.Network.fromJSON(json)).toThrow(
      '"layers[0].variances"[1] is -1e-9: variances must be 0 or more',
    );
    expect([...momentsOf(make({ layers: [{ ...norm, variances: [NaN, 0] }] }))].slice(2)).toEqual([NaN, 0]);
    expect(bad({ means: [1] })).toThrow('"layers[0].means" is 1x1, but the layer has 1x2 means');
    await expect(make().fit(X, y, { optimizer: 'lbfgs' })).rejects.toThrow('does not go with layers[0], batchNorm');
  });

  test('the count that PyTorch keeps with them is passed over, where there are some', () => {
    const net = make() as Network;
    const count: Tensor = { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) as never };
    const tensors = new Map(toStateDict(net)).set('0.num_batches_tracked', count);
    fromStateDict(net, tensors);
    expect(() => fromStateDict(net, new Map(tensors).set('1.num_batches_tracked', count))).toThrow('not expected');
    const negative = Float64Array.of(1, -3);
    expect(() =>
      fromStateDict(net, new Map(tensors).set('0.running_var', { dtype: 'F64', shape: [2], data: negative })),
    ).toThrow('"0.running_var"[1] is -3: variances must be 0 or more');
    tensors.delete('0.running_mean');
    expect(() => fromStateDict(net, tensors)).toThrow('missing 0.running_mean');
  });
});
