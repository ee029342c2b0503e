// Texts all the way: split, counted, weighted, learnt from, searched over, written and read.

import * as built from 'bitgrad/model';
import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { network } from '../../src/index.js';
import type { Matrix } from '../../src/matrix/matrix.js';
import {
  ColumnTransformer,
  CountVectorizer,
  calibrate,
  crossValidate,
  crossValPredict,
  fromBytes,
  gridSearch,
  HashingVectorizer,
  MaxAbsScaler,
  MLPClassifier,
  MLPRegressor,
  NetworkEstimator,
  OneHotEncoder,
  Pipeline,
  permutationImportance,
  randomSearch,
  SparseMatrix,
  StandardScaler,
  type TableInput,
  TfidfTransformer,
  TfidfVectorizer,
  takeRows,
  toBytes,
  trainTestSplit,
} from '../../src/model/index.js';
import { random } from '../../src/random/random.js';

const rng = random(11);
const pick = (words: readonly string[]) => words[Math.floor(rng.rand() * words.length)];
const WORDS = {
  spam: ['winner', 'prize', 'free', 'click', 'offer', 'please', 'today'],
  ham: ['meeting', 'lunch', 'report', 'draft', 'thanks', 'please', 'today'],
};
const labels = Array.from({ length: 120 }, (_, i): 'spam' | 'ham' => (i % 3 ? 'ham' : 'spam'));
const texts = labels.map((label) =>
  Array.from({ length: 4 + Math.floor(rng.rand() * 8) }, () => pick(WORDS[label])).join(' '),
);
const mlp = (options = {}) =>
  new MLPClassifier({
    hiddenLayerSizes: [8],
    maxIter: 30,
    learningRateInit: 0.05,
    randomState: 1,
    background: false,
    ...options,
  });
const hashed = (options = {}) => new HashingVectorizer({ nFeatures: 256, ...options });
const data = (X: SparseMatrix | Matrix) => Array.from((X instanceof SparseMatrix ? X.toDense() : X).data);

test('rows of texts are split and taken', () => {
  const { XTrain, XTest, yTrain, trainIndices } = trainTestSplit(texts, labels, { stratify: labels });
  const rows: string[] = XTrain;
  expect(rows).toEqual(Array.from(trainIndices, (i) => texts[i]));
  expect([rows.length, XTest.length, yTrain.length]).toEqual([90, 30, 90]);
  expect(takeRows(texts, [3, 0])).toEqual([texts[3], texts[0]]);
});

describe.each<
  [string, () => (HashingVectorizer | CountVectorizer | TfidfVectorizer | TfidfTransformer | MaxAbsScaler)[]]
>([
  ['hashed', () => [hashed()]],
  [
    'hashed and weighted',
    () => [hashed({ norm: null, alternateSign: false }), new TfidfTransformer({ sublinearTf: true })],
  ],
  ['counted and scaled', () => [new CountVectorizer({ minDf: 2 }), new MaxAbsScaler()]],
  ['counted and weighted', () => [new TfidfVectorizer({ dtype: 'f32' })]],
])('a pipeline of texts, %s', (_, steps) => {
  const make = () => new Pipeline([...steps(), mlp()]);

  test('learns as the estimator does of dense rows, and predicts in pieces', async () => {
    const model = await make().fit(texts, labels);
    expect(model.score(texts, labels)).toBeGreaterThan(0.95);
    const rows = model.transform(texts) as SparseMatrix;
    expect(rows).toBeInstanceOf(SparseMatrix);
    const dense = await mlp({ dtype: rows.dtype }).fit(rows.toDense(), labels);
    expect(model.predictProba(texts).data).toEqual(dense.predictProba(rows.toDense()).data);
    expect(await model.predictAsync(texts)).toEqual(model.predict(texts));
    expect((await model.predictProbaAsync(texts)).data).toEqual(model.predictProba(texts).data);
    dense.dispose();
    model.dispose();
  });

  test('JSON and bytes give the same bits', async () => {
    const model = await make().fit(texts, labels);
    const wanted = model.predictProba(texts).data;
    const read = Pipeline.fromJSON(JSON.stringify(model));
    expect(read.predictProba(texts).data).toEqual(wanted);
    expect(JSON.stringify(read)).toBe(JSON.stringify(model));
    const loaded = fromBytes<typeof model>(toBytes(model));
    expect(loaded.predictProba(texts).data).toEqual(wanted);
    expect(JSON.stringify(loaded.transformers)).toBe(JSON.stringify(model.transformers));
    const bare = Pipeline.fromJSON(JSON.stringify(make()));
    await bare.fit(texts, labels);
    expect(bare.predictProba(texts).data).toEqual(wanted);
    for (const each of [model, read, loaded, bare]) each.dispose();
  });

  test('is validated and searched over, in the order of its rows', async () => {
    const { testScore } = await crossValidate(make(), texts, labels, { cv: 3 });
    expect(testScore.every((score) => score > 0.8)).toBe(true);
    const predicted = await crossValPredict(make(), texts, labels, { cv: 3 });
    expect(predicted.filter((label, i) => label === labels[i]).length / 120).toBeGreaterThan(0.8);
  });

  test('texts may change once fit has begun', async () => {
    const own = [...texts];
    const fitting = make().fit(own, labels);
    own.fill('');
    const model = await fitting;
    const other = await make().fit(texts, labels);
    expect(model.predictProba(texts).data).toEqual(other.predictProba(texts).data);
    const asynchronous = [...texts];
    const both = [model.fit(asynchronous, labels), other.fit(texts, labels)];
    asynchronous.fill('');
    await Promise.all(both);
    expect(model.predictProba(texts).data).toEqual(other.predictProba(texts).data);
    model.dispose();
    other.dispose();
  });
});

test('in a worker, with validation data', async () => {
  const [unseen, of] = [texts.slice(90), labels.slice(90)];
  // As built: what runs in the worker is.
  const fit = (background: boolean) =>
    new built.Pipeline([
      new built.HashingVectorizer({ nFeatures: 256 }),
      new built.MLPClassifier({ maxIter: 5, earlyStopping: true, randomState: 1, background }),
    ]).fit(texts.slice(0, 90), labels.slice(0, 90), {
      validationData: { X: unseen, y: of },
    });
  const [here, there] = [await fit(false), await fit(true)];
  expect(there.predictProba(texts).data).toEqual(here.predictProba(texts).data);
  expect(here.estimator.validationScores).toEqual(there.estimator.validationScores);
  expect(here.estimator.validationScores?.length).toBe(5);
});

test('searches name options by their paths', async () => {
  const model = new Pipeline([hashed(), mlp()]);
  const grid = {
    'transformers.0.nFeatures': [2, 512],
    'transformers.0.ngramRange': [[1, 1]],
    'transformers.0.norm': ['l1', null],
  };
  const { bestParameters, results } = await gridSearch(model, texts, labels, grid as never, { cv: 3 });
  expect(results.length).toBe(4);
  expect(bestParameters).toMatchObject({ 'transformers.0.nFeatures': 512 });
  const weighted = new Pipeline([new TfidfVectorizer(), mlp()]);
  const found = await randomSearch(
    weighted,
    texts,
    labels,
    { 'transformers.0.minDf': [1, 2], 'transformers.0.useIdf': [true, false] } as never,
    { nIter: 3, cv: 2 },
  );
  expect(found.bestScore).toBeGreaterThan(0.8);
  await expect(gridSearch(model, texts, labels, { 'transformers.0.nothing': [1] } as never)).rejects.toThrow(
    '"transformers.0.nothing" is no parameter of a HashingVectorizer: it has nFeatures, binary, norm,',
  );
});

test('what looks at models looks at those of texts', async () => {
  const model = await new Pipeline([hashed(), mlp()]).fit(texts, labels);
  const { importances, importancesMean } = await permutationImportance(model, texts, labels);
  expect(importances.shape).toEqual([1, 5]);
  expect(importancesMean[0]).toBeGreaterThan(0.2);
  expect(calibrate(model, texts, labels).temperature).toBeGreaterThan(0);
  const sparse = model.transform(texts) as SparseMatrix;
  await expect(permutationImportance(model.estimator, sparse, labels)).rejects.toThrow(
    '"X" must be dense, got a SparseMatrix',
  );
});

test('other ends of pipelines', async () => {
  const layers = [{ units: 1, activation: 'sigmoid' as const }];
  const net = network({ inputs: 256, layers, loss: 'binaryCrossEntropy', seed: 1 });
  const y = labels.map((label) => Number(label === 'spam'));
  const model = new Pipeline([
    hashed(),
    new NetworkEstimator(net, { epochs: 20, optimizer: { name: 'adam', learningRate: 0.1 }, background: false }),
  ]);
  await model.fit(texts, y);
  expect(model.score(texts, y)).toBeGreaterThan(0.9);
  const lengths = texts.map((text) => text.length);
  const regressor = new Pipeline([
    new CountVectorizer(),
    new MLPRegressor({ solver: 'lbfgs', background: false, randomState: 1 }),
  ]);
  expect((await regressor.fit(texts, lengths)).score(texts, lengths)).toBeGreaterThan(0.9);
});

describe('a table with texts', () => {
  const table = texts.map((body, i) => ({ body, size: body.length, place: ['home', 'work'][i % 2] }));
  const make = (vectorizer: HashingVectorizer | TfidfVectorizer) =>
    new ColumnTransformer<Matrix | SparseMatrix>(
      [
        ['words', vectorizer, 'body'],
        ['sizes', new StandardScaler(), ['size']],
      ],
      { sparseThreshold: 0.9 },
    );

  test('each column by what is for it', () => {
    const columns = make(new TfidfVectorizer());
    const rows = columns.fitTransform(table) as SparseMatrix;
    const words = new TfidfVectorizer().fit(texts);
    expect(rows.cols).toBe(words.nFeaturesOut + 1);
    expect(rows).toBeInstanceOf(SparseMatrix);
    expect(columns.getFeatureNamesOut().slice(0, 2)).toEqual(
      words
        .getFeatureNamesOut()
        .slice(0, 2)
        .map((name) => `words__${name}`),
    );
    expect(
      rows
        .toDense()
        .toArray()
        .map((row) => row.slice(0, -1)),
    ).toEqual(words.transform(texts).toDense().toArray());
    const read = ColumnTransformer.fromJSON<SparseMatrix>(JSON.stringify(columns));
    expect(data(read.transform(table))).toEqual(data(rows));
  });

  test('in a pipeline, its JSON and its bytes', async () => {
    const model = await new Pipeline([make(hashed()), mlp()]).fit(table, labels);
    expect(model.score(table, labels)).toBeGreaterThan(0.95);
    const wanted = model.predictProba(table).data;
    expect(Pipeline.fromJSON(JSON.stringify(model)).predictProba(table).data).toEqual(wanted);
    expect(fromBytes<typeof model>(toBytes(model)).predictProba(table).data).toEqual(wanted);
    expect((await model.predictProbaAsync(table)).data).toEqual(wanted);
  });

  test('what is no text is named as its caller calls it', () => {
    const bad =
      (rows: unknown, columns = make(hashed())) =>
      () =>
        columns.fit(rows as TableInput);
    const gap = table.map((row, i) => (i === 7 ? { ...row, body: null } : row));
    expect(bad(gap)).toThrow(new ValueError('"X"[7].body must be a text, got null'));
    const number = table.map((row, i) => (i === 2 ? { ...row, body: 5 } : row));
    expect(bad(number)).toThrow(new ValueError('"X"[2].body must be a text, got 5'));
    const two = new ColumnTransformer([['words', hashed(), ['body', 'place']]]);
    expect(() => two.fit(table)).toThrow(new ShapeError('"X" has 2 columns, but texts are one'));
  });
});

test('texts where numbers are to come, and numbers where texts are', async () => {
  expect(() => new StandardScaler().fit(texts)).toThrow('"X"[0] must be an array of numbers, got "');
  expect(() => new OneHotEncoder().fit(texts)).toThrow('"X" must be 2-D (an array of rows), got a 1-D array of 120');
  await expect(mlp().fit(texts as never, labels)).rejects.toThrow(/"X"\[0\] must be an array of numbers/);
  const words = new CountVectorizer().fit(texts);
  for (const vectorizer of [hashed(), words, new TfidfVectorizer().fit(texts)]) {
    for (const call of ['fit', 'transform', 'fitTransform'] as const) {
      const bad = (X: unknown) => () => vectorizer[call](X as string[]);
      expect(bad('one text')).toThrow(new ValueError('"X" must be an array of texts, one a row, got "one text"'));
      expect(bad([])).toThrow(new ShapeError('"X" has no rows'));
      expect(bad(['a', null])).toThrow(new ValueError('"X"[1] must be a text, got null'));
      expect(bad([['a']])).toThrow(new ValueError('"X"[0] must be a text, got an array of 1'));
      expect(bad([1, 2])).toThrow(new ValueError('"X"[0] must be a text, got 1'));
      expect(bad(new Array(2))).toThrow(new ValueError('"X"[0] must be a text, got undefined'));
      expect(bad({ rows: 1, cols: 1, data: [1] })).toThrow(/"X" must be an array of texts/);
      expect(bad(SparseMatrix.fromEntries(1, 1, []))).toThrow(/"X" must be an array of texts/);
    }
  }
  await expect(new Pipeline([hashed(), mlp()]).fit([], [])).rejects.toThrow('"X" has no rows');
});
