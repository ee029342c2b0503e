// Further losses in trainings, through the built package: in a worker, from a checkpoint, from a file, with weights of classes.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type NetworkOptions } from 'bitgrad';
import { losses } from 'bitgrad/layers';
import { fromBytes, toBytes } from 'bitgrad/model';
import { type FitOptions, train } from 'bitgrad/train';
import { afterAll, describe, expect, test } from 'vitest';
import { random } from '../../src/random/random.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Case = Pick<NetworkOptions, 'loss' | 'quantiles' | 'focalGamma' | 'focalAlpha' | 'labelSmoothing'> & {
  last: NonNullable<NetworkOptions['activation']>;
  units: number;
  /** From a number within 0 and 1. */
  target: (u: number) => number;
  /** Columns of y; default as many as units. */
  targets?: number;
};

const CASES: Case[] = [
  { loss: 'cosine', last: 'tanh', units: 3, target: (u) => 2 * u - 1 },
  { loss: 'focal', last: 'sigmoid', units: 1, target: Math.round, focalGamma: 1.5, focalAlpha: 0.25 },
  { loss: 'hinge', last: 'identity', units: 1, target: (u) => (u > 0.5 ? 1 : -1) },
  { loss: 'squaredHinge', last: 'identity', units: 2, target: (u) => (u > 0.5 ? 1 : -1) },
  { loss: 'klDivergence', last: 'softmax', units: 3, target: (u) => u / 3 },
  { loss: 'logCosh', last: 'identity', units: 2, target: (u) => 4 * u },
  { loss: 'pinball', last: 'ascending', units: 3, target: (u) => 4 * u, targets: 1, quantiles: [0.1, 0.5, 0.9] },
  { loss: 'poissonDeviance', last: 'exp', units: 1, target: (u) => Math.floor(4 * u) },
  { loss: 'crossEntropy', last: 'softmax', units: 3, target: (u) => u / 3, labelSmoothing: 0.1 },
  { loss: 'binaryCrossEntropy', last: 'sigmoid', units: 1, target: Math.round, labelSmoothing: 0.1 },
];

const ROWS = 300;

function data({ units, targets = units, target }: Case) {
  const rng = random(3);
  const X = rng.randn(ROWS, 2);
  const rows = rng.rand(ROWS, targets);
  return { X, y: { rows: ROWS, cols: targets, data: rows.data.map(target) } };
}

const bits = (net: { parameters: Float64Array | Float32Array }) => net.parameters.slice().join();

test('every further loss is among the cases', () => {
  expect(losses.filter((name) => !CASES.some(({ loss }) => loss === name))).toEqual([]);
});

describe.each(['wasm', 'ts'] as const)('%s', (backend) => {
  const engine = createEngine({ backend });
  const make = ({ last, units, target: _, targets: __, ...options }: Case, more: Partial<NetworkOptions> = {}) =>
    engine.network({
      inputs: 2,
      layers: [
        { units: 8, activation: 'tanh' },
        { units, activation: last },
      ],
      seed: 2,
      ...options,
      ...more,
    });

  test.each(CASES)('$loss: a worker, blocks, a checkpoint and a file give the same bits', async (given) => {
    const { X, y } = data(given);
    const part = { X: X.toArray().slice(0, 50), y: { ...y, rows: 50, data: y.data.slice(0, 50 * y.cols) } };
    const options: FitOptions = {
      epochs: 6,
      batchSize: 64,
      validationData: part,
      sampleWeight: X.toArray().map(([a]) => Math.abs(a)),
    };
    const here = make(given);
    const history = await here.fit(X, y, { ...options, background: false });
    expect(history.loss[5]).toBeLessThan(history.loss[0]);
    const there = make(given);
    const { loss, ran } = await there.fit(X, y, { ...options, background: true });
    expect(ran.where).toBe('worker');
    expect(loss).toEqual(history.loss);
    expect(bits(there)).toBe(bits(here));

    const path = join(folder, `${backend} ${given.loss}`);
    const half = make(given);
    await half.fit(X, y, { ...options, epochs: 3, checkpoint: { path } });
    const rest = make(given);
    await rest.fit(X, y, { ...options, checkpoint: { path, resume: true } });
    expect(bits(rest)).toBe(bits(here));

    const file = fromBytes<typeof here>(toBytes(here), { engine });
    expect(file.options).toEqual(here.options);
    expect(file.loss(X, y)).toBe(here.loss(X, y));
    const blocks = [0, 1].map((i) => ({
      X: X.toArray().slice(150 * i, 150 * i + 150),
      y: { rows: 150, cols: y.cols, data: y.data.slice(150 * i * y.cols, 150 * (i + 1) * y.cols) },
    }));
    const [a, b] = [make(given), make(given)];
    await train(a, () => blocks, { epochs: 2, background: false });
    await train(b, () => blocks, { epochs: 2, background: true });
    expect(bits(b)).toBe(bits(a));
    for (const net of [here, there, half, rest, file, a, b]) net.dispose();
  });

  test('other quantiles, or another smoothing, are another training', async () => {
    const pinball = CASES.find(({ loss }) => loss === 'pinball') as Case;
    const { X, y } = data(pinball);
    const path = join(folder, `${backend} quantiles`);
    await make(pinball).fit(X, y, { epochs: 2, checkpoint: { path } });
    const other = make({ ...pinball, quantiles: [0.2, 0.5, 0.9] });
    await expect(other.fit(X, y, { epochs: 4, checkpoint: { path, resume: true } })).rejects.toThrow(
      'its network.quantiles.0 is 0.1, here it is 0.2',
    );
    const smooth = CASES.find(({ loss }) => loss === 'crossEntropy') as Case;
    const set = data(smooth);
    const second = join(folder, `${backend} smoothing`);
    await make({ ...smooth, labelSmoothing: undefined }).fit(set.X, set.y, { epochs: 2, checkpoint: { path: second } });
    await expect(
      make(smooth).fit(set.X, set.y, { epochs: 4, checkpoint: { path: second, resume: true } }),
    ).rejects.toThrow('its network.labelSmoothing is not set, here it is 0.1');
  });

  test('metrics: hinge judges by the sign, several quantiles by none', async () => {
    const hinge = make({ loss: 'hinge', last: 'identity', units: 1, target: (u) => u });
    const X = random(1).randn(200, 2);
    const y = Array.from(X, ([a, b]) => (a > b ? 1 : -1));
    const { metrics } = await hinge.fit(X, y, { epochs: 60, batchSize: 20, metrics: ['accuracy'] });
    const right = Array.from(hinge.forward(X).data).filter((o, i) => o > 0 === y[i] > 0).length;
    expect(right / 200).toBeGreaterThan(0.95);
    expect(metrics.accuracy[59]).toBe(right / 200);
    await expect(
      hinge.fit(
        X,
        y.map((sign) => sign - 1),
        { epochs: 1 },
      ),
    ).rejects.toThrow('is 0: targets of hinge must be -1 or 1');
    const pinball = CASES.find(({ loss }) => loss === 'pinball') as Case;
    const set = data(pinball);
    for (const metric of ['mae', 'accuracy', 'r2'] as const) {
      await expect(make(pinball).fit(set.X, set.y, { metrics: [metric] })).rejects.toThrow(
        '"metrics" compare outputs with targets one by one: pinball has 3 for one target',
      );
    }
  });

  test('NaN is found where it began, whatever options the loss has', async () => {
    const pinball = CASES.find(({ loss }) => loss === 'pinball') as Case;
    const { X, y } = data(pinball);
    const net = make(pinball);
    net.weights[0].data[0] = 1e308;
    net.weights[1].data.fill(1e308);
    await expect(net.fit(X, y, { epochs: 1 })).rejects.toThrow(
      /the outputs of layer 1 are the first that are not finite/,
    );
  });

  test('classWeight by number, by sign and as an array', async () => {
    const X = random(1).randn(60, 2);
    const labels = Array.from(X, ([a]) => (a > 0.7 ? 2 : a > 0 ? 1 : 0));
    const options: FitOptions = { epochs: 3, background: false };
    const softmax: Case = { loss: 'klDivergence', last: 'softmax', units: 3, target: (u) => u };
    const trained = async (classWeight: FitOptions['classWeight']) => {
      const net = make(softmax);
      await net.fit(X, labels, { ...options, classWeight });
      return bits(net);
    };
    const weighted = await trained([1, 2, 0.5]);
    expect(await trained({ 1: 2, 2: 0.5 })).toBe(weighted);
    expect(await trained({ 0: 1, 1: 2, 2: 0.5 })).toBe(weighted);
    expect(await trained([1, 1, 1])).toBe(await trained(undefined));
    expect(await trained('balanced')).not.toBe(weighted);
    await expect(trained({ 3: 1 })).rejects.toThrow(
      '"classWeight" has a weight for "3", which is no class; classes are 0, 1, 2',
    );
    await expect(trained({ 1: -2 })).rejects.toThrow('"classWeight"["1"] must be a finite number, 0 or more, got -2');
    await expect(trained([1, -2, 3])).rejects.toThrow('"classWeight"[1] must be a finite number, 0 or more, got -2');
    await expect(trained([1, 2])).rejects.toThrow(
      `"classWeight" must be 'balanced' or 3 numbers, 0 or more, got an array of 2`,
    );
    await expect(trained(new Map([[1, 2]]) as never)).rejects.toThrow(`"classWeight" must be 'balanced' or 3 numbers`);

    const hinge = async (classWeight: FitOptions['classWeight'], sampleWeight?: number[]) => {
      const net = make({ loss: 'hinge', last: 'identity', units: 1, target: (u) => u });
      await net.fit(
        X,
        labels.map((label) => (label ? 1 : -1)),
        { ...options, classWeight, sampleWeight },
      );
      return bits(net);
    };
    const signs = await hinge({ '-1': 3, 1: 0.25 });
    expect(
      await hinge(
        undefined,
        labels.map((label) => (label ? 0.25 : 3)),
      ),
    ).toBe(signs);
    expect(await hinge([3, 0.25])).toBe(signs);
    await expect(hinge({ 0: 3 })).rejects.toThrow('a weight for "0", which is no class; classes are -1, 1');
    // A set for each call of a block has the same weights.
    const path = join(folder, `${backend} weights`);
    const first = make(softmax);
    await first.fit(X, labels, { epochs: 2, classWeight: { 1: 2 }, checkpoint: { path } });
    await expect(
      make(softmax).fit(X, labels, { epochs: 4, classWeight: { 1: 3 }, checkpoint: { path, resume: true } }),
    ).rejects.toThrow('its classWeight.1 is 2, here it is 3');
    await make(softmax).fit(X, labels, { epochs: 4, classWeight: [1, 2, 1], checkpoint: { path, resume: true } });
  });
});
