// How weights begin: the limits and deviations that the documentation states, the defaults, the seed.

import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../src/common.js';
import { ACTIVATIONS as TABLE } from '../../src/layers/activations.js';
import { INITIALIZER_NAMES } from '../../src/layers/initializers.js';
import { random } from '../../src/random/random.js';
import { entries, expectSameBits } from '../support/backends.js';
import { ACTIVATIONS, type Layer, layersOf, type Options } from '../support/networks.js';

type Initializer = NonNullable<Layer['initializer']>;

const [INPUTS, UNITS] = [300, 100];
const N = INPUTS * UNITS;

/** Half the width with 300 inputs and 100 units. */
const LIMITS: [Initializer, ActivationName, number][] = [
  ['glorotUniform', 'tanh', Math.sqrt(6 / 400)],
  ['heUniform', 'tanh', Math.sqrt(6 / 300)],
  ['uniform', 'tanh', 0.05],
  ['scikitLearn', 'sigmoid', Math.sqrt(2 / 400)],
  ['scikitLearn', 'logistic', Math.sqrt(2 / 400)],
  ['scikitLearn', 'tanh', Math.sqrt(6 / 400)],
  ['scikitLearn', 'relu', Math.sqrt(6 / 400)],
];
const DEVIATIONS: [Initializer, number][] = [
  ['glorotNormal', Math.sqrt(2 / 400)],
  ['heNormal', Math.sqrt(2 / 300)],
  ['lecunNormal', Math.sqrt(1 / 300)],
  ['normal', 0.05],
];

function moments(values: ArrayLike<number>): { mean: number; deviation: number; kurtosis: number; greatest: number } {
  const all = Array.from(values);
  const average = (f: (x: number) => number) => all.reduce((sum, x) => sum + f(x), 0) / all.length;
  const mean = average((x) => x);
  const variance = average((x) => (x - mean) ** 2);
  const kurtosis = average((x) => (x - mean) ** 4) / variance ** 2;
  return { mean, deviation: Math.sqrt(variance), kurtosis, greatest: Math.max(...all.map(Math.abs)) };
}

describe.each(entries)('%s', (_, api) => {
  const draw = (options: Partial<Options>) => api.network({ inputs: INPUTS, layers: [UNITS, 7], seed: 1, ...options });

  // Bounds are 5 standard errors of 30,000 draws: deviation / sqrt(n) of a mean; of a deviation sqrt((kurtosis - 1) / 4n),
  // which is 0.26 % of uniform ones (kurtosis 1.8) and 0.41 % of normal ones (3).
  test.each(LIMITS)('%s after %s is uniform within +-%d', (initializer, activation, limit) => {
    const net = draw({ initializer, activation });
    const { mean, deviation, kurtosis, greatest } = moments(net.weights[0].data);
    expect(greatest).toBeLessThanOrEqual(limit);
    expect(greatest).toBeGreaterThan(limit * 0.999);
    expect(Math.abs(mean)).toBeLessThan((5 * limit) / Math.sqrt(3 * N));
    expect(Math.abs(deviation / (limit / Math.sqrt(3)) - 1)).toBeLessThan(5 * 0.0026);
    expect(kurtosis).toBeCloseTo(1.8, 1);
    const biases = net.biases[0]?.data ?? [];
    expect(biases.length).toBe(UNITS);
    if (initializer === 'scikitLearn') {
      expect(moments(biases).greatest).toBeGreaterThan(limit * 0.9);
      expect(moments(biases).greatest).toBeLessThanOrEqual(limit);
    } else {
      expect(moments(biases).greatest).toBe(0);
    }
  });

  test.each(DEVIATIONS)('%s is normal with deviation %d', (initializer, expected) => {
    const net = draw({ initializer });
    const { mean, deviation, kurtosis, greatest } = moments(net.weights[0].data);
    expect(Math.abs(mean)).toBeLessThan((5 * expected) / Math.sqrt(N));
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(5 * 0.0041);
    expect(kurtosis).toBeCloseTo(3, 0);
    expect(greatest).toBeGreaterThan(3.5 * expected);
    expect(moments(net.biases[0]?.data ?? []).greatest).toBe(0);
  });

  test('zeros are zeros, and biases begin at +0', () => {
    expectSameBits(draw({ initializer: 'zeros' }).parameters, new Float64Array(N + UNITS + 7 * UNITS + 7));
  });

  test('they are drawn from the seed in the order of the parameters', () => {
    const rng = random(9);
    const net = draw({ initializer: 'normal', seed: 9 });
    const expected = [...rng.randn(N)].map((x) => 0.05 * x);
    expectSameBits(net.weights[0].data, Float64Array.from(expected));
    expectSameBits(
      net.weights[1].data,
      rng.randn(7 * UNITS).map((x) => 0.05 * x),
    );
  });

  test.each(ACTIVATIONS)('the default of %s', (activation) => {
    const own = TABLE[activation]?.initializer ?? 'glorotUniform';
    const layers = [{ units: 5, activation }];
    const expected = draw({ layers, initializer: own });
    expectSameBits(draw({ layers }).parameters.slice(), expected.parameters.slice());
    for (const initializer of INITIALIZER_NAMES.filter((name) => name !== own)) {
      expect(draw({ layers, initializer }).parameters).not.toEqual(expected.parameters);
    }
  });

  test('the defaults that the documentation states', () => {
    for (const name of ['relu', 'leakyRelu', 'elu', 'gelu', 'silu'] as const) {
      expect(TABLE[name]?.initializer).toBe('heUniform');
    }
    for (const name of ['identity', 'sigmoid', 'logistic', 'tanh', 'softplus', 'exp', 'softmax'] as const) {
      expect(TABLE[name]?.initializer).toBeUndefined();
    }
  });

  test("a layer's own initializer and activation come before the network's", () => {
    const layers: Layer[] = [
      { units: 3, initializer: 'zeros', activation: 'relu' },
      { units: 3, activation: 'relu' },
      { units: 3 },
    ];
    const net = draw({ layers, initializer: 'uniform', activation: 'tanh' });
    const read = layersOf(net);
    expect(read.map(({ initializer }) => initializer)).toEqual(['zeros', 'uniform', 'uniform']);
    expect(read.map(({ activation }) => activation)).toEqual(['relu', 'relu', 'tanh']);
    const defaults = layersOf(draw({ layers })).map(({ initializer }) => initializer);
    expect(defaults).toEqual(['zeros', 'heUniform', 'glorotUniform']);
  });

  test('the seed decides every weight; without one it is 0', () => {
    const parametersOf = (seed: number | undefined) => draw({ seed, layers: [20, 20] }).parameters.slice();
    expectSameBits(parametersOf(undefined), parametersOf(0));
    for (const seed of [1, 2, 4294967295]) {
      const [drawn, other] = [parametersOf(seed), parametersOf(seed - 1)];
      expectSameBits(parametersOf(seed), drawn);
      // Biases are 0 in both; that two draws of 53 bits agree is unlikely.
      expect(drawn.filter((x, i) => x === other[i]).length).toBe(40);
    }
  });
});
