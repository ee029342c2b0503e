// Models of every kind that can be exported, small and not trained, and rows for them.

import type { LayerOptions, NetworkOptions } from '../../src/index.js';
import { type ActivationName, engine, random } from '../../src/index.js';
import '../../src/layers/index.js';
import {
  ColumnTransformer,
  MinMaxScaler,
  OneHotEncoder,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
} from '../../src/model/index.js';

export type AnyDtype = 'f64' | 'f32';

const draws = (seed: number) => {
  const rng = random(seed);
  return (spread = 1) => (2 * rng.rand() - 1) * spread;
};

/** A network of drawn parameters, biases too; variances stay above 0. */
export function drawn(options: NetworkOptions, seed = 1) {
  const net = engine.network({ seed, ...options });
  const next = draws(seed);
  const { parameters } = net;
  for (let i = 0; i < parameters.length; i++) parameters[i] = (i % 3 === 0 ? -1 : 1) * (0.2 + Math.abs(next(0.8)));
  let at = 0;
  for (const [i, layer] of (net.options.layers as LayerOptions[]).entries()) {
    const [weights, biases] = [net.weights[i], net.biases[i]];
    at += (weights ? weights.rows * weights.cols : 0) + (biases ? biases.cols : 0);
    if (layer.kind !== 'batchNorm') continue;
    for (let j = 0; j < 2 * weights.cols; j++, at++) parameters[at] = Math.abs(parameters[at]);
  }
  return net;
}

/** Rows of numbers, every tenth of them ten times as far out. */
export function numbers(rows: number, cols: number, spread = 2, seed = 3): number[][] {
  const next = draws(seed);
  const row = (i: number) => Array.from({ length: cols }, () => next(i % 10 === 0 ? 10 * spread : spread));
  return Array.from({ length: rows }, (_, i) => row(i));
}

const HIDDEN: ActivationName[] = [
  ...(['identity', 'sigmoid', 'logistic', 'tanh', 'relu', 'leakyRelu', 'elu', 'selu', 'gelu', 'geluExact'] as const),
  ...(['silu', 'softplus', 'exp', 'mish', 'relu6', 'softsign', 'hardSigmoid', 'ascending'] as const),
];

/** One for each activation of a hidden layer, each last activation and each kind of layer. */
export const NETWORKS: Readonly<Record<string, NetworkOptions>> = {
  ...Object.fromEntries(HIDDEN.map((activation) => [activation, { inputs: 4, layers: [{ units: 5, activation }, 3] }])),
  'elu, alpha 0.3': { inputs: 4, layers: [{ units: 5, activation: 'elu', alpha: 0.3 }, 1] },
  'leakyRelu, slope 0.2': { inputs: 4, layers: [{ units: 5, activation: 'leakyRelu', negativeSlope: 0.2 }, 1] },
  'without biases': { inputs: 4, bias: false, layers: [{ units: 5, activation: 'tanh' }, 2] },
  softmax: { inputs: 4, layers: [{ units: 3, activation: 'softmax' }], loss: 'crossEntropy' },
  'one sigmoid': { inputs: 4, layers: [{ units: 1, activation: 'sigmoid' }], loss: 'binaryCrossEntropy' },
  'several sigmoids': { inputs: 4, layers: [{ units: 3, activation: 'logistic' }], loss: 'binaryCrossEntropy' },
  rates: { inputs: 4, layers: [{ units: 2, activation: 'exp' }], loss: 'poisson' },
  hinge: { inputs: 4, layers: [{ units: 1 }], loss: 'hinge' },
  'norms and dropout': {
    inputs: 4,
    layers: [{ kind: 'batchNorm' }, { units: 5, activation: 'relu' }, { kind: 'dropout' }, { kind: 'layerNorm' }, 2],
  },
  'norms without biases': { inputs: 4, bias: false, layers: [{ kind: 'batchNorm' }, { kind: 'layerNorm' }, 2] },
  'skip and scale': {
    inputs: 4,
    layers: [
      { kind: 'skip' },
      { units: 4, activation: 'tanh' },
      { kind: 'skip' },
      { kind: 'scale' },
      { kind: 'add' },
      { kind: 'add' },
      2,
    ],
  },
};

export interface Person {
  age: number | null;
  size: number;
  income: number | null;
  flag: boolean;
  city: string | null;
  floor: number;
  note: string;
}

/** A mixed table: numbers with gaps, flags, texts, and a column that no part looks at. */
export function people(rows: number, seed = 5): Person[] {
  const next = draws(seed);
  const cities = ['Oslo', 'Rome', 'Bern', 'Zürich', 'naïve "city"', null];
  return Array.from({ length: rows }, (_, i) => ({
    age: i % 7 === 2 ? null : Math.round(40 + next(30)),
    size: 170 + next(30),
    income: i % 5 === 1 ? null : 3000 + next(2500),
    flag: next() > 0,
    city: cities[Math.floor(3 + next(3))],
    floor: Math.round(2 + next(2)),
    note: `note ${i}`,
  }));
}

/** Every transformer that can be exported, over such a table; fitted. */
export const transformer = () =>
  new ColumnTransformer([
    ['ages', [new SimpleImputer({ strategy: 'median', addIndicator: true }), new StandardScaler()], ['age', 'income']],
    ['sizes', [new MinMaxScaler({ clip: true }), new RobustScaler()], 'size'],
    ['flags', 'passthrough', ['flag']],
    [
      'cities',
      [
        new SimpleImputer({ strategy: 'constant', fillValue: 'nowhere' }),
        new OneHotEncoder({ handleUnknown: 'infrequentIfExist', minFrequency: 0.15 }),
      ],
      'city',
    ],
    ['gaps', new OneHotEncoder({ handleUnknown: 'ignore', drop: 'first' }), ['city', 'floor']],
  ]).fit(people(60));

/** Drawn weights, as estimators take them. */
export const layersOf = (inputs: number, units: number[]) => {
  const net = drawn({ inputs, layers: units }, 9);
  return {
    coefs: net.weights.map((each) => each.toArray()),
    intercepts: net.biases.map((each) => each?.toArray()[0] ?? []),
  };
};
