// JSON of estimators with any one value exchanged: it is refused by a named error, or it predicts.

import { expect, test } from 'vitest';
import { BitgradError } from '../../src/index.js';
import {
  MinMaxScaler,
  MLPClassifier,
  MLPRegressor,
  OneHotEncoder,
  Pipeline,
  StandardScaler,
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
const scalers = [new StandardScaler().fit(X), new MinMaxScaler().fit(X)] as const;

const kinds: [
  string,
  unknown,
  (json: never) => { predict?(X: number[][]): unknown; transform?(X: number[][]): unknown },
][] = [
  ['a classifier', classifier, (json) => MLPClassifier.fromJSON(json)],
  ['a regressor', regressor, (json) => MLPRegressor.fromJSON(json)],
  ['a pipeline', new Pipeline([...scalers, classifier]), (json) => Pipeline.fromJSON(json)],
  ['an encoder', new OneHotEncoder().fit(X), (json) => OneHotEncoder.fromJSON(json)],
];

/** Every place in it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...places(inner, [...path, key])]);
}

test.each(kinds)('%s', (_, model, read) => {
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
        else back.transform?.(X);
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
