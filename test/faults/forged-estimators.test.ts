// JSON of estimators with any one value exchanged: it is refused by a named error, or it predicts.

import { expect, test } from 'vitest';
import { BitgradError, network } from '../../src/index.js';
import {
  ColumnTransformer,
  CountVectorizer,
  HashingVectorizer,
  MaxAbsScaler,
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  NetworkEstimator,
  OneHotEncoder,
  OrdinalEncoder,
  PiecewiseLinearEncoder,
  Pipeline,
  QuantileTransformer,
  RobustScaler,
  SimpleImputer,
  StandardScaler,
  type TableInput,
  TfidfTransformer,
  TfidfVectorizer,
  TransformedTargetRegressor,
} from '../../src/model/index.js';

const BAD = [
  null,
  undefined,
  -1,
  0,
  0.5,
  1e300,
  Number.NaN,
  'x',
  '',
  'Infinity',
  [],
  {},
  true,
  [[1]],
  { length: 1e9 },
  1e9,
];
const X = [
  [1, 2],
  [3, 5],
];

const classifier = MLPClassifier.from({
  coefs: [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  intercepts: [
    [0, 1],
    [0, 1, 2],
  ],
  classes: ['a', 'b', 'c'],
  nIterNoChange: Infinity,
});
const regressor = MLPRegressor.from({ coefs: [[[1], [2]]], intercepts: [[0]] });
const quantiles = MLPRegressor.from({
  coefs: [
    [
      [1, 2],
      [0, 1],
    ],
    [
      [1, 2],
      [3, 1],
    ],
  ],
  intercepts: [
    [0, 1],
    [0, 1],
  ],
  loss: 'pinball',
  quantiles: [0.1, 0.9],
  dropout: [0.5],
  averaging: { name: 'ema', decay: 0.5 },
  clipNorm: 1,
});
const inNetwork = new NetworkEstimator(
  network({ inputs: 2, layers: [{ units: 3, activation: 'softmax' }], loss: 'crossEntropy' }),
  { epochs: 3, optimizer: { name: 'adam', learningRate: 0.1 } },
);
const scalers = [new StandardScaler().fit(X), new MinMaxScaler().fit(X)] as const;

const rows = [
  [1, 'a'],
  [1, 'a'],
  [2, null],
  [null, 'a'],
  [3, 'a'],
].map(([a, b]) => [a ?? 2, b]);
const kinds: [
  string,
  unknown,
  (json: never) => { predict?(X: number[][]): unknown; transform?(X: TableInput): unknown },
  TableInput?,
][] = [
  ['a classifier', classifier, (json) => MLPClassifier.fromJSON(json)],
  ['a regressor', regressor, (json) => MLPRegressor.fromJSON(json)],
  ['a regressor of quantiles', quantiles, (json) => MLPRegressor.fromJSON(json)],
  ['a network', inNetwork, (json) => NetworkEstimator.fromJSON(json)],
  [
    'a pipeline of a network',
    new Pipeline([...scalers, inNetwork]),
    (json) => Pipeline.fromJSON<NetworkEstimator>(json),
  ],
  ['a pipeline', new Pipeline([...scalers, classifier]), (json) => Pipeline.fromJSON(json)],
  ['an encoder', new OneHotEncoder().fit(X), (json) => OneHotEncoder.fromJSON(json)],
  [
    'an encoder of rare categories',
    new OneHotEncoder({
      categories: [
        [1, 2, 3],
        ['a', null],
      ],
      handleUnknown: 'ignore',
      maxCategories: 2,
    }).fit(rows),
    (json) => OneHotEncoder.fromJSON(json),
    rows,
  ],
  ['numbers of categories', new OrdinalEncoder().fit(rows), (json) => OrdinalEncoder.fromJSON(json), rows],
  [
    'an imputer',
    new SimpleImputer({ strategy: 'mostFrequent', addIndicator: true }).fit(rows),
    (json) => SimpleImputer.fromJSON(json),
    rows,
  ],
  ['a robust scaler', new RobustScaler().fit(X), (json) => RobustScaler.fromJSON(json)],
  ['a scaler with names', new MaxAbsScaler().fit([{ a: 1, b: 2 }]), (json) => MaxAbsScaler.fromJSON(json)],
  ['quantiles', new QuantileTransformer({ nQuantiles: 4 }).fit(X), (json) => QuantileTransformer.fromJSON(json)],
  ['pieces', new PiecewiseLinearEncoder({ nBins: 2 }).fit(X), (json) => PiecewiseLinearEncoder.fromJSON(json)],
  [
    'columns',
    new ColumnTransformer([['texts', [new SimpleImputer({ strategy: 'mostFrequent' }), new OneHotEncoder()], [1]]], {
      remainder: 'passthrough',
      header: ['a', 'b'],
    }).fit(rows),
    (json) => ColumnTransformer.fromJSON(json),
    rows,
  ],
  [
    'sparse columns',
    new ColumnTransformer([['texts', new OneHotEncoder({ sparse: true }), [1]]], { sparseThreshold: 0.9 }).fit(rows),
    (json) => ColumnTransformer.fromJSON(json),
    rows,
  ],
  [
    'hashed texts',
    new HashingVectorizer({ nFeatures: 8, stopWords: ['a', 'b'] }),
    (json) => HashingVectorizer.fromJSON(json),
    ['some texts', 'b'],
  ],
  [
    'counted texts',
    new CountVectorizer({ maxFeatures: 4 }).fit(['some texts', 'and more']),
    (json) => CountVectorizer.fromJSON(json),
    ['some texts', 'b'],
  ],
  [
    'a vocabulary',
    new CountVectorizer({ vocabulary: ['some', 'more'] }),
    (json) => CountVectorizer.fromJSON(json),
    ['some texts', 'b'],
  ],
  ['weights of terms', new TfidfTransformer().fit(X), (json) => TfidfTransformer.fromJSON(json)],
  [
    'weighted texts',
    new TfidfVectorizer({ ngramRange: [1, 2] }).fit(['some texts', 'and more']),
    (json) => TfidfVectorizer.fromJSON(json),
    ['some texts', 'b'],
  ],
  [
    'a pipeline of texts',
    new Pipeline([new TfidfVectorizer().fit(['some texts']), classifier]),
    (json) => {
      const [texts] = Pipeline.fromJSON(json).transformers;
      return texts as TfidfVectorizer;
    },
    ['some texts', 'b'],
  ],
  [
    'transformed targets',
    TransformedTargetRegressor.restore(
      regressor,
      {
        checkInverse: true,
        transformer: new StandardScaler().toJSON(),
        fitted: { transformer: new StandardScaler().fit([[1], [3]]).toJSON(), vector: true },
      },
      'target',
    ),
    (json) => TransformedTargetRegressor.fromJSON(json),
  ],
];

/** Every place in it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...places(inner, [...path, key])]);
}

test.each(kinds)('%s', (_, model, read, table = X) => {
  const text = JSON.stringify(model);
  let tried = 0;
  let refused = 0;
  for (const path of places(JSON.parse(text))) {
    for (const bad of BAD) {
      const json = JSON.parse(text);
      const last = path[path.length - 1];
      const holder = path.slice(0, -1).reduce((inner, key) => inner[key], json);
      holder[last] = bad;
      tried++;
      try {
        const back = read(json as never);
        if (back.predict) back.predict(X);
        else back.transform?.(table);
      } catch (error) {
        refused++;
        if (!(error instanceof BitgradError)) expect([path, bad, error]).toBe('a named error');
        if ((error as Error).message.length > 900) expect([path, (error as Error).message]).toBe('short');
      }
    }
  }
  expect(refused).toBeGreaterThan(tried / 4);
  expect(tried).toBeGreaterThan(60);
});
