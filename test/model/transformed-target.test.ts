// TransformedTargetRegressor against scikit-learn's, with a network that is a linear regression; and what may go wrong.

import { describe, expect, test } from 'vitest';
import { NotFittedError, ValueError } from '../../src/checks/errors.js';
import { Matrix } from '../../src/matrix/matrix.js';
import {
  crossValidate,
  fromBytes,
  MinMaxScaler,
  MLPRegressor,
  type Numbers,
  Pipeline,
  type PredictedBy,
  QuantileTransformer,
  RobustScaler,
  StandardScaler,
  TransformedTargetRegressor,
  toBytes,
} from '../../src/model/index.js';
import { expectClose, tableFixtures } from '../support/data-fixtures.js';

const { X, y, cases } = tableFixtures.targets;
const scalers = { StandardScaler, MinMaxScaler, RobustScaler };
const settings = {
  hiddenLayerSizes: [],
  solver: 'lbfgs',
  alpha: 0,
  tol: 1e-12,
  maxIter: 2000,
  background: false,
} as const;
const linear = () => new Pipeline([new StandardScaler(), new MLPRegressor(settings)]);
const square = { func: Math.sqrt, inverseFunc: (x: number) => x * x };

test.each<{ transformer: keyof typeof scalers | null; predicted: number[]; score: number }>(cases)(
  'as scikit-learn: $transformer',
  async ({ transformer, predicted, score }) => {
    const how = transformer ? { transformer: new scalers[transformer]() } : square;
    const model = await new TransformedTargetRegressor({ regressor: linear(), ...how }).fit(X, y);
    // The descent ends within 1e-12 of the least squares' gradient; targets are of thousands.
    expectClose(model.predict(X), predicted, 1e-8, 1e-9 * Math.max(...y));
    expect(Math.abs(model.score(X, y) - score)).toBeLessThan(1e-9);
    expect(await model.predictAsync(X)).toEqual(model.predict(X));
  },
);

const regressor = () => new MLPRegressor({ ...settings, hiddenLayerSizes: [4], maxIter: 50 });
const scaled = <P extends Numbers = PredictedBy<MLPRegressor>>() =>
  new TransformedTargetRegressor<MLPRegressor, P>({ regressor: regressor(), transformer: new StandardScaler() });

test('what was handed over: a column stays a column, several outputs a Matrix, f32 is f32', async () => {
  const column = await scaled<Matrix>().fit(
    X,
    y.map((each: number) => [each]),
  );
  expect(column.predict(X).shape).toEqual([12, 1]);
  const two = await scaled<Matrix>().fit(
    X,
    y.map((each: number, i: number) => [each, -1000 * i]),
  );
  expect(two.predict(X).shape).toEqual([12, 2]);
  const single = await scaled().fit(Matrix.from(X, { dtype: 'f32' }), Float32Array.from(y));
  expect(single.predict(Matrix.from(X, { dtype: 'f32' }))).toBeInstanceOf(Float32Array);
});

test('folds, pipelines around it and within it, aborts', async () => {
  const outer = new Pipeline([new StandardScaler(), scaled()]);
  const { testScore } = await crossValidate(outer, X, y, { cv: 3 });
  expect(testScore).toHaveLength(3);
  const inner = new TransformedTargetRegressor({
    regressor: new Pipeline([new StandardScaler(), regressor()]),
    transformer: new StandardScaler(),
  });
  await outer.fit(X, y);
  await inner.fit(X, y);
  expect(outer.predict(X)).toEqual(inner.predict(X));
  const control = new AbortController();
  const adam = new TransformedTargetRegressor({
    regressor: new MLPRegressor({ hiddenLayerSizes: [2], background: false }),
    transformer: new StandardScaler(),
  });
  const onEpoch = () => control.abort(new Error('enough'));
  await expect(adam.fit(X, y, { signal: control.signal, onEpoch })).rejects.toThrow('enough');
  expect(adam.predict(X)).toHaveLength(12); // of the epoch that was finished
});

test('a fit that fails leaves all as it was; clones are not fitted; dispose frees', async () => {
  const model = await scaled().fit(X, y);
  const before = model.predict(X);
  await expect(model.fit(X, y.slice(1))).rejects.toThrow('rows');
  await expect(
    model.fit(
      [
        [1, Infinity],
        [1, 2],
      ],
      [5, 7],
    ),
  ).rejects.toThrow();
  expect(model.predict(X)).toEqual(before);
  expect(() => model.clone().predict(X)).toThrow(
    new NotFittedError('this TransformedTargetRegressor is not fitted yet: call fit() first'),
  );
  model.dispose();
  expect(() => model.predict(X)).toThrow(NotFittedError);
});

describe('written and read', () => {
  test('JSON, files, and pipelines of both', async () => {
    const model = await scaled().fit(X, y);
    const piped = await new Pipeline([new StandardScaler(), scaled()]).fit(X, y);
    expect(TransformedTargetRegressor.fromJSON(JSON.stringify(model)).predict(X)).toEqual(model.predict(X));
    expect(fromBytes<TransformedTargetRegressor>(toBytes(model)).predict(X)).toEqual(model.predict(X));
    type Piped = Pipeline<TransformedTargetRegressor>;
    expect(Pipeline.fromJSON<TransformedTargetRegressor>(JSON.stringify(piped)).predict(X)).toEqual(piped.predict(X));
    const read = fromBytes<Piped>(toBytes(piped));
    expect(read.predict(X)).toEqual(piped.predict(X));
    expect(toBytes(read)).toEqual(toBytes(piped));
    const bare = TransformedTargetRegressor.fromJSON(JSON.stringify(scaled()));
    expect((await bare.fit(X, y)).predict(X)).toEqual(model.predict(X));
  });

  test('what cannot be written says so', async () => {
    const functions = await new TransformedTargetRegressor({ regressor: regressor(), ...square }).fit(X, y);
    expect(() => toBytes(functions)).toThrow(
      '"transformer" is an object: scalers of bitgrad can be written, functions',
    );
    expect(() => JSON.stringify(functions)).toThrow(ValueError);
    const nested = new TransformedTargetRegressor({ regressor: linear(), transformer: new StandardScaler() });
    expect(() => nested.toJSON()).toThrow(
      '"regressor" is a Pipeline: an MLPRegressor can be written; put scalers of X before',
    );
    expect(() => structuredClone(functions)).toThrow('toBytes(model)');
  });

  test('a forged target is refused', async () => {
    const json = JSON.parse(JSON.stringify(await scaled().fit(X, y)));
    const forge = (change: (json: typeof Object.prototype & Record<string, never>) => void) => {
      const forged = structuredClone(json);
      change(forged.target);
      return () => TransformedTargetRegressor.fromJSON(forged);
    };
    expect(forge((t) => Object.assign(t, { more: 1 }))).toThrow('"json.target" has the member "more"');
    expect(forge((t) => Object.assign(t, { transformer: { kind: 'OneHotEncoder' } }))).toThrow(ValueError);
    const two = new StandardScaler().fit([[1, 2]]).toJSON();
    expect(forge((t) => Object.assign(t, { fitted: { transformer: two, vector: true } }))).toThrow('is of 2 columns');
    expect(forge((t) => Object.assign(t, { fitted: {} }))).toThrow('"json.target.fitted');
  });
});

test.each<[string, () => unknown, string]>([
  [
    'no regressor',
    () => new TransformedTargetRegressor({} as never),
    '"regressor" must be a regressor: undefined has no',
  ],
  [
    'no transformer',
    () => new TransformedTargetRegressor({ regressor: regressor() }),
    'needs either "transformer" or both',
  ],
  [
    'half a pair',
    () => new TransformedTargetRegressor({ regressor: regressor(), func: Math.sqrt }),
    'needs either "transformer"',
  ],
  [
    'both',
    () => new TransformedTargetRegressor({ regressor: regressor(), transformer: new StandardScaler(), ...square }),
    'needs either',
  ],
  [
    'an encoder',
    () =>
      new TransformedTargetRegressor({
        regressor: regressor(),
        transformer: { fit() {}, transform: () => [[1]] } as never,
      }),
    'has no method inverseTransform',
  ],
  [
    'an option',
    () => new TransformedTargetRegressor({ regressor: regressor(), ...square, check: 1 } as never),
    'unknown option "check"',
  ],
])('refused: %s', (_, use, message) => {
  expect(use).toThrow(ValueError);
  expect(use).toThrow(message);
});

test('targets that cannot be transformed, or do not come back, are named', async () => {
  const roots = new TransformedTargetRegressor({ regressor: regressor(), ...square });
  await expect(roots.fit([[1], [2]], [4, -1])).rejects.toThrow('"y"[1] is -1, which becomes NaN');
  await expect(roots.fit([[1], [2]], [4, Number.NaN])).rejects.toThrow('"y"[1] is NaN');
  const wrong = { func: (x: number) => x + 1, inverseFunc: (x: number) => x };
  await expect(new TransformedTargetRegressor({ regressor: regressor(), ...wrong }).fit(X, y)).rejects.toThrow(
    /"y"\[0\] is .* comes back as .* "checkInverse": false/,
  );
  await new TransformedTargetRegressor({ regressor: regressor(), ...wrong, checkInverse: false }).fit(X, y);
  const clipped = new TransformedTargetRegressor({
    regressor: regressor(),
    transformer: new QuantileTransformer({ nQuantiles: 12 }),
  });
  expect((await clipped.fit(X, y)).predict([[9, 9]])[0]).toBeLessThanOrEqual(Math.max(...y));
});
