// Losses of bitgrad/layers: what they are told, what they refuse, and what only some of them have. Their gradients stand in
// gradients.test.ts, PyTorch's numbers in oracles.test.ts, their kernels in test/kernels/layers.test.ts.

import { readFileSync } from 'node:fs';
import { Decimal as AnyDecimal } from 'decimal.js';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { losses } from '../../src/layers/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { arrayOf, dtypes, entries, expectSameBits } from '../support/backends.js';
import { flatten, LEGAL, type Net, type Options, rowsOf, uniform } from '../support/networks.js';
import { ulps } from '../support/ulps.js';

// biome-ignore lint/suspicious/noExplicitAny: what JavaScript callers may pass
type Any = any;

const QUANTILES = [0.1, 0.5, 0.9];

test('each has hashes on every runtime', () => {
  const golden = Object.keys(JSON.parse(readFileSync(new URL('../golden.json', import.meta.url), 'utf8')));
  const without = losses.filter((loss) => !golden.some((name) => name.endsWith(` ${loss} gradient`)));
  expect(without).toEqual([]);
  expect(losses.length).toBeGreaterThanOrEqual(8);
});

test('without bitgrad/layers, an unknown loss is told of it, and its options are not known', async () => {
  vi.resetModules();
  const alone = await import('../../src/ts.js');
  const call = (options: Any) => () => alone.network({ inputs: 2, layers: [3], ...options });
  expect(call({ loss: 'pinball' })).toThrow('got "pinball"; import bitgrad/layers for more');
  const smooth = { layers: [{ units: 3, activation: 'softmax' }], loss: 'crossEntropy', labelSmoothing: 0.1 };
  expect(call(smooth)).toThrow(
    'network: unknown option "labelSmoothing"; known options: inputs, layers, loss, huberDelta,',
  );
  const layers = await import('../../src/layers/index.js');
  call({ loss: 'pinball' })().dispose();
  call(smooth)().dispose();
  expect(call({ loss: 'something' })).not.toThrow('import bitgrad/layers');
  layers.losses.forEach((loss) => {
    expect(call({ loss: 'MSE' })).toThrow(loss);
  });
});

describe.each(entries)('%s', (_, api) => {
  const build = (options: Partial<Options>): Net => {
    const net = api.network({ inputs: 2, layers: [{ units: 4, activation: 'tanh' }, 3], seed: 5, ...options });
    onTestFinished(() => net.dispose());
    return net;
  };
  const ending = (activation: NonNullable<Options['activation']>, units = 3): Options['layers'] => [
    { units: 4, activation: 'tanh' },
    { units, activation },
  ];

  test.each<[string, Any]>([
    ['"quantiles" must be an array of numbers above 0 and below 1, ascending, got 0.5', { quantiles: 0.5 }],
    ['"quantiles" must be an array of numbers above 0 and below 1, ascending, got an array of 0', { quantiles: [] }],
    ['"quantiles"[0] must be numbers above 0 and below 1, ascending, got 0', { quantiles: [0, 0.5, 0.9] }],
    ['"quantiles"[2] must be numbers above 0 and below 1, ascending, got 1', { quantiles: [0.1, 0.5, 1] }],
    ['"quantiles"[1] must be numbers above 0 and below 1, ascending, got 0.1', { quantiles: [0.1, 0.1, 0.5] }],
    ['"quantiles"[1] must be numbers above 0 and below 1, ascending, got "0.5"', { quantiles: [0.1, '0.5', 0.9] }],
    ['"quantiles"[1] must be numbers above 0 and below 1, ascending, got NaN', { quantiles: [0.1, NaN, 0.9] }],
    ['"quantiles" are 2, but the network has 3 outputs: pinball has one for each', { quantiles: [0.1, 0.9] }],
    ['"quantiles" are 2, but the network has 1 output: pinball', { quantiles: [0.1, 0.9], layers: [1] }],
    [
      'network: unknown option "quantile"; did you mean quantiles? known options: inputs, layers, loss',
      { quantile: 1 },
    ],
    ['network: unknown option "quantiles"', { loss: 'mae', quantiles: [0.5] }],
    ['network: unknown option "labelSmoothing"', { labelSmoothing: 0.1 }],
  ])('refused: %s', (message, options) => {
    expect(() => build({ loss: 'pinball', ...options })).toThrow(message);
    expect(() => build({ loss: 'pinball', ...options })).toThrow(api.ValueError);
  });

  test.each<[string, Partial<Options>]>([
    ['"labelSmoothing" must be a number from 0 to below 1, got 1', { loss: 'crossEntropy', labelSmoothing: 1 }],
    ['"labelSmoothing" must be a number from 0 to below 1, got -0.1', { loss: 'crossEntropy', labelSmoothing: -0.1 }],
    ['"loss" focal does not go with a last activation softmax', { loss: 'focal' }],
    ['"loss" poissonDeviance does not go with a last activation softmax', { loss: 'poissonDeviance' }],
  ])('refused after softmax: %s', (message, options) => {
    expect(() => build({ layers: ending('softmax'), ...options })).toThrow(message);
  });

  test.each<[string, Partial<Options>]>([
    ['"focalGamma" must be a finite number, 0 or more, got -1', { focalGamma: -1 }],
    ['"focalAlpha" must be a number above 0 to below 1, got 1', { focalAlpha: 1 }],
    ['"focalAlpha" must be a number above 0 to below 1, got 0', { focalAlpha: 0 }],
  ])('refused of focal: %s', (message, options) => {
    expect(() => build({ layers: ending('sigmoid'), loss: 'focal', ...options })).toThrow(message);
  });

  test('its own options alone are stated, and come back by JSON', () => {
    const quantiles = [...QUANTILES];
    const net = build({ layers: ending('ascending'), loss: 'pinball', quantiles });
    quantiles[0] = 0.7;
    const { options } = net.toJSON();
    expect(options).toMatchObject({ loss: 'pinball', quantiles: QUANTILES, huberDelta: 1 });
    expect(() => (net.options.quantiles as number[]).push(1)).toThrow(TypeError);
    const again = api.Network.fromJSON(JSON.stringify(net));
    expect(again.toJSON()).toEqual(net.toJSON());
    const [X, y] = [uniform('f64', 9, 2, 1), uniform('f64', 9, 1, 2)];
    expect(again.loss(X, y)).toBe(net.loss(X, y));
    again.dispose();
    const keys = (given: Partial<Options>) => Object.keys(JSON.parse(JSON.stringify(build(given))).options).join();
    const stated = 'inputs,layers,loss,huberDelta,dtype,seed,reduction,onNonFinite';
    expect(keys({ loss: 'mse' })).toBe(stated);
    for (const labelSmoothing of [undefined, 0]) {
      expect(keys({ layers: ending('softmax'), loss: 'crossEntropy', labelSmoothing })).toBe(stated);
    }
    const focal = { layers: ending('sigmoid'), loss: 'focal' as const };
    expect(keys(focal)).toBe(stated.replace('dtype', 'focalGamma,dtype'));
    expect(keys({ ...focal, focalAlpha: 0.25 })).toBe(stated.replace('dtype', 'focalGamma,focalAlpha,dtype'));
  });

  test('a loss that is not smoothed puts no further kernels on the backend', () => {
    const engine = api.createEngine();
    const net = engine.network({ inputs: 2, layers: ending('softmax'), loss: 'crossEntropy', labelSmoothing: 0 });
    net.loss([[1, 2]], [0]);
    expect(engine.info().packs.layers.backend).toBeUndefined();
    engine.network({ inputs: 2, layers: ending('softmax'), loss: 'crossEntropy', labelSmoothing: 0.1 }).dispose();
    expect(engine.info().packs.layers.backend).toBe(engine.backend);
    net.dispose();
  });

  describe.each(dtypes)('%s', (dtype) => {
    test('several quantiles have one target, in every form, and every call takes it', () => {
      const net = build({ layers: ending('ascending'), loss: 'pinball', quantiles: QUANTILES, dtype });
      const n = 600;
      const [X, y] = [uniform(dtype, n, 2, 1), uniform(dtype, n, 1, 2)];
      const sampleWeight = Array.from({ length: n }, (_, i) => i % 3);
      const { loss, ...gradients } = net.gradients(X, y, { sampleWeight, wrtInputs: true });
      for (const form of [Array.from(y.data), y.data, api.matrix(y), y.toArray()]) {
        expect(net.gradients(X, form, { sampleWeight, wrtInputs: true })).toEqual({ loss, ...gradients });
      }
      const parts = [0, 512].map((from) =>
        net.partialGradients(rowsOf(X, from, Math.min(n, from + 512)), rowsOf(y, from, Math.min(n, from + 512)), {
          rowOffset: from,
          sampleWeight: sampleWeight.slice(from, from + 512),
        }),
      );
      expect(net.gradientsFrom(api.mergePartials(parts[0], parts[1])).loss).toBe(loss);
      const each = net.perSampleGradients(X, y);
      for (const i of [0, 255, 256, n - 1]) {
        const alone = net.gradients(rowsOf(X, i, i + 1), rowsOf(y, i, i + 1));
        expectSameBits(rowsOf(each, i, i + 1).data, arrayOf(dtype, flatten(alone)));
      }
      expect(net.gradientNorms(X, y).length).toBe(n);
      expect(() => net.loss(X, uniform(dtype, n, 3, 2))).toThrow(`"y" is ${n}x3, but must have 1 columns`);
    });

    test('outputs of ascending never cross, whatever the logits', () => {
      const net = build({ layers: [{ units: 9, activation: 'ascending' }], dtype, seed: 3 });
      const X = uniform(dtype, 500, 2, 4, 1000);
      X.data.set([0, 0, -1e30, 1e30], 0);
      for (const row of net.forward(X)) row.forEach((h, j) => expect(j === 0 || h >= row[j - 1]).toBe(true));
    });

    test('one quantile of several outputs has a target each, and 0.5 is half of mae', () => {
      const [X, y] = [uniform(dtype, 40, 2, 1), uniform(dtype, 40, 3, 2)];
      const median = build({ loss: 'pinball', dtype, reduction: 'sum' }).gradients(X, y);
      const absolute = build({ loss: 'mae', dtype, reduction: 'sum' }).gradients(X, y);
      expect(2 * median.loss).toBeCloseTo(absolute.loss, dtype === 'f64' ? 12 : 4);
      flatten(median).forEach((g, i) => void expect(2 * g).toBeCloseTo(flatten(absolute)[i], dtype === 'f64' ? 12 : 4));
    });

    test('focal with gamma 0 is binaryCrossEntropy, klDivergence of labels crossEntropy, to the bit', () => {
      const X = uniform(dtype, 300, 2, 1, 5);
      const y = new Matrix(
        300,
        3,
        uniform(dtype, 300, 3, 2).data.map((x) => Number(x > 0)),
      );
      const sigmoid = { layers: ending('sigmoid'), dtype };
      const focal = build({ ...sigmoid, loss: 'focal', focalGamma: 0 }).gradients(X, y);
      expect(focal).toEqual(build({ ...sigmoid, loss: 'binaryCrossEntropy' }).gradients(X, y));
      const labels = Array.from({ length: 300 }, (_, i) => (i * i) % 3);
      const softmax = { layers: ending('softmax'), dtype };
      const divergence = build({ ...softmax, loss: 'klDivergence' }).gradients(X, labels);
      expect(divergence).toEqual(build({ ...softmax, loss: 'crossEntropy' }).gradients(X, labels));
    });

    test('poissonDeviance is twice poisson, less what the targets alone say', () => {
      const X = uniform(dtype, 50, 2, 1);
      const y = new Matrix(
        50,
        3,
        uniform(dtype, 50, 3, 2, 4).data.map((x) => Math.floor(Math.abs(x))),
      );
      const constant = Array.from(y.data).reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) - x : 0), 0);
      for (const activation of LEGAL.poissonDeviance) {
        const of = (loss: 'poisson' | 'poissonDeviance') =>
          build({ layers: ending(activation), loss, dtype, reduction: 'sum' }).gradients(X, y);
        const [deviance, plain] = [of('poissonDeviance'), of('poisson')];
        const digits = dtype === 'f64' ? 10 : 2;
        expect(deviance.loss).toBeCloseTo(2 * (plain.loss + constant), digits);
        flatten(deviance).forEach((g, i) => void expect(g).toBeCloseTo(2 * flatten(plain)[i], digits));
      }
    });
  });

  /** As docs/network.md states it: of the loss of one output, in both dtypes. */
  const LOG_COSH_ULPS = 6;

  test.each(dtypes)('logCosh is accurate near 0 and far from it (%s)', (dtype) => {
    const net = build({ layers: [{ units: 1, weights: [[1], [0]], bias: false }], loss: 'logCosh', dtype });
    const least = dtype === 'f64' ? [1e-300, 1e-150, 1e-40] : [1e-18];
    const points = [...least, 1e-8, 1e-5, 1e-3, 0.999999, 1, 1.000001, 18, 19.1, 40, 700, 1e6];
    for (let i = 1; i < 1500; i++) points.push(i / 500);
    const rounded = arrayOf(dtype, points);
    // An f32 and the next are so many doubles apart.
    const unit = dtype === 'f64' ? 1 : 2 ** 29;
    let worst = 0;
    for (const r of rounded) {
      const loss = net.loss([[r, 0]], [0]);
      worst = Math.max(worst, ulps(loss, Number(logCosh(new Decimal(r)).toPrecision(25))) / unit);
      expect(net.loss([[-r, 0]], [0])).toBe(loss);
    }
    expect(worst).toBeGreaterThan(0.5);
    expect(worst).toBeLessThanOrEqual(LOG_COSH_ULPS);
    expect(net.loss([[0, 0]], [-0])).toBe(0);
  });
});

const Decimal = AnyDecimal.clone({ precision: 34 });
const LN2 = Decimal.ln(2);

/** Of r above 0, to 22 digits and more. */
function logCosh(r: AnyDecimal): AnyDecimal {
  const square = r.times(r);
  if (r.lessThan(1e-5)) return square.div(2).minus(square.pow(2).div(12)).plus(square.pow(3).div(45));
  const far = r.minus(LN2);
  return r.greaterThan(60) ? far : far.plus(Decimal.ln(Decimal.exp(r.times(-2)).plus(1)));
}
