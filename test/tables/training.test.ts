// Tables in, models out: what they learn, what is kept of them, and what they make of files that are not quite those of their training.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Block, SparseTable } from '../../src/formats/table.js';
import { fromBytes, load, type Pipeline, SparseMatrix, save, toBytes } from '../../src/model/index.js';
import { beside } from '../../src/tables/beside.js';
import { learnerOf, loadModel, saveModel } from '../../src/tables/model-file.js';
import { evaluateTable, predictTable } from '../../src/tables/predict-table.js';
import { trainTable } from '../../src/tables/train-table.js';
import { batchOf } from '../../src/tables/training-options.js';
import { all, csv, memoryTable } from './memory-table.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CITIES = ['Oslo', 'Rome', 'Bonn'];
const lines = Array.from({ length: 240 }, (_, i) => {
  const [age, city] = [(i * 37) % 61, CITIES[(i * 7) % 3]];
  return [
    age,
    city,
    i % 2 === 0,
    age > 30 || city === 'Oslo' ? 'yes' : 'no',
    1000 + 50 * age + (city === 'Rome' ? 400 : 0),
  ];
});
const table = (columns = ['age', 'city', 'flag', 'answer', 'pay'], rows: readonly (readonly unknown[])[] = lines) =>
  csv([columns.join(','), ...rows.map((row) => row.join(','))].join('\n'));

const QUICK = { epochs: 30, hidden: [16], learningRate: 0.02 };
const classifier = await trainTable(table(), { ...QUICK, target: 'answer', drop: ['pay'] });
const regressor = await trainTable(table(), { ...QUICK, target: 'pay', drop: ['answer'], epochs: 60 });

async function predictions(model: typeof classifier, from: ReturnType<typeof table>, options = {}) {
  const { names, blocks } = predictTable(model, from, options);
  const columns = names.map(() => [] as unknown[]);
  for await (const block of blocks()) for (const [j, cells] of block.entries()) columns[j].push(...Array.from(cells));
  return Object.fromEntries(names.map((name, j) => [name, columns[j]]));
}

test('classes are learnt, and judged on rows that were held out', () => {
  const { notes, evaluation } = classifier;
  expect(evaluation.metrics.accuracy).toBeGreaterThan(0.9);
  expect(notes.evaluation).toEqual({ on: 'validation', rows: 48, metrics: evaluation.metrics });
  expect([notes.data.trainRows, notes.data.validationRows, notes.data.rows]).toEqual([192, 48, 240]);
  expect(evaluation.confusion?.counts.flat().reduce((a, b) => a + b)).toBe(48);
  expect(notes.network.layers).toEqual([
    { units: 16, activation: 'relu' },
    { units: 1, activation: 'sigmoid' },
  ]);
  expect(
    classifier.saliency
      .map(({ column }) => column)
      .slice(0, 2)
      .sort(),
  ).toEqual(['age', 'city']);
  expect(classifier.weights[0].counts.reduce((a, b) => a + b)).toBe(5 * 16);
});

test('numbers are learnt, and predicted in their own units', async () => {
  expect(regressor.evaluation.metrics.r2).toBeGreaterThan(0.98);
  const { prediction } = await predictions(regressor, table());
  const off = prediction.map((each, i) => Math.abs((each as number) - (lines[i][4] as number)));
  expect(off.reduce((a, b) => a + b) / off.length).toBeLessThan(120);
});

test('the same table and options give the same bits; another seed gives others', async () => {
  const again = await trainTable(table(), { ...QUICK, target: 'answer', drop: ['pay'] });
  expect(learnerOf(again).network.parameters).toEqual(learnerOf(classifier).network.parameters);
  const other = await trainTable(table(), { ...QUICK, target: 'answer', drop: ['pay'], seed: 1 });
  expect(learnerOf(other).network.parameters).not.toEqual(learnerOf(classifier).network.parameters);
});

test('a file keeps all of it, and bitgrad/model reads it, too', async () => {
  const path = join(folder, 'model.safetensors');
  await saveModel(classifier, path);
  const back = await loadModel(path);
  expect(back.notes).toEqual(JSON.parse(JSON.stringify(classifier.notes)));
  const here = await predictions(classifier, table(), { proba: true });
  expect(await predictions({ ...classifier, ...back }, table(), { proba: true })).toEqual(here);
  const plain = await load<Pipeline>(path);
  expect(plain.predict(lines.slice(0, 5).map(([age, city, flag]) => ({ age, city, flag })))).toEqual(
    here.prediction.slice(0, 5),
  );
});

describe('files that are not those of the training', () => {
  test('columns in another order, and further ones', async () => {
    const moved = table(
      ['more', 'flag', 'age', 'city'],
      lines.map(([age, city, flag]) => [1, flag, age, city]),
    );
    expect(await predictions(classifier, moved)).toEqual(await predictions(classifier, table()));
  });

  test('columns are handed on, names stay apart', async () => {
    const named = table(
      ['prediction', 'age', 'city', 'flag'],
      lines.map(([age, city, flag], i) => [i, age, city, flag]),
    );
    const got = await predictions(classifier, named, { keep: ['prediction'], proba: true });
    expect(Object.keys(got)).toEqual(['prediction', 'prediction_', 'probability_no', 'probability_yes']);
    expect(got.prediction.slice(0, 3)).toEqual(['0', '1', '2']);
  });

  test('a category that was never seen is none of those seen', async () => {
    const [known, unknown] = ['Oslo', 'Paris'].map((city) => table(['age', 'city', 'flag'], [[5, city, true]]));
    expect((await predictions(classifier, known)).prediction).toEqual(['yes']);
    expect((await predictions(classifier, unknown)).prediction).toEqual(['no']);
  });

  test.each<[string, readonly string[], readonly unknown[], RegExp]>([
    ['a column is missing', ['age', 'flag'], [1, true], /the model needs a column "city": it has age, flag/],
    [
      'a text among numbers',
      ['age', 'city', 'flag'],
      ['old', 'Oslo', true],
      /data\.csv:2:column age: a number is needed, found "old"/,
    ],
    [
      'a number among flags',
      ['age', 'city', 'flag'],
      [1, 'Oslo', 7],
      /column flag: true or false is needed, found "7"/,
    ],
    [
      'a gap',
      ['age', 'city', 'flag'],
      ['', 'Oslo', true],
      /data\.csv:2:column age: there is a gap, and the model was trained without/,
    ],
  ])('refused: %s', async (_, columns, row, message) => {
    await expect(predictions(classifier, table([...columns], [row]))).rejects.toThrow(message);
  });

  test('answers that are none of the classes are refused by evaluations, and not looked at by predictions', async () => {
    const odd = table(['age', 'city', 'flag', 'answer'], [[1, 'Oslo', true, 'maybe']]);
    await expect(evaluateTable(classifier, odd)).rejects.toThrow(
      /data\.csv:2:column answer: one of no, yes is needed, found "maybe"/,
    );
    expect((await predictions(classifier, odd)).prediction).toEqual(['yes']);
    await expect(evaluateTable(classifier, table(['age', 'city', 'flag'], [[1, 'Oslo', true]]))).rejects.toThrow(
      /needs a column "answer"/,
    );
    await expect(predictions(regressor, table(), { proba: true })).rejects.toThrow(/has no probabilities/);
  });
});

test('gaps: rows are left out, in training and in predictions, or filled', async () => {
  const gappy = lines.map((row, i) => (i % 10 === 3 ? ['', ...row.slice(1)] : row));
  const options = { ...QUICK, target: 'answer', drop: ['pay'] };
  const dropping = await trainTable(table(undefined, gappy), { ...options, missing: 'drop' });
  expect([dropping.notes.data.droppedRows, dropping.notes.data.trainRows + dropping.notes.data.validationRows]).toEqual(
    [24, 216],
  );
  const { prediction } = await predictions(dropping, table(undefined, gappy));
  expect(prediction.map((each) => each === null)).toEqual(gappy.map(([age]) => age === ''));
  const filling = await trainTable(table(undefined, gappy), { ...options, missing: 'median' });
  expect((await predictions(filling, table(undefined, gappy))).prediction.every((each) => each !== null)).toBe(true);
  expect((await evaluateTable(filling, table(undefined, gappy))).rows).toBe(240);
});

test('rows that do not fit into memory go through files, and are learnt as well', async () => {
  const streamed = await trainTable(table(), { ...QUICK, target: 'answer', drop: ['pay'], memoryBytes: 0 });
  expect(streamed.notes.data.streamed).toBe(true);
  expect(streamed.evaluation.metrics.accuracy).toBeGreaterThan(0.9);
  await expect(trainTable(table(), { solver: 'lbfgs', target: 'pay', memoryBytes: 0 })).rejects.toThrow(
    /lbfgs takes all rows at once/,
  );
});

test('flags and whole numbers as classes; lbfgs; no rows held out', async () => {
  const flags = await trainTable(table(), {
    ...QUICK,
    target: 'flag',
    drop: ['pay', 'answer'],
    solver: 'lbfgs',
    learningRate: 1,
    validation: 0,
    epochs: 5,
  });
  expect(learnerOf(flags)).toMatchObject({ classes: [false, true] });
  expect(flags.notes.evaluation).toMatchObject({ on: 'training', rows: 240 });
  const numbers = memoryTable(
    ['x', 'y'],
    'number',
    Array.from({ length: 90 }, (_, i) => [i % 3, (i % 3) + 5]),
  );
  const three = await trainTable(numbers, { ...QUICK, target: 'y' });
  expect(three.evaluation.metrics.accuracy).toBe(1);
  expect((await predictions(three, memoryTable(['x'], 'number', [[0], [2]]) as never)).prediction).toEqual([5, 7]);
});

test('a training that is stopped goes on to the same bits', async () => {
  const options = { ...QUICK, target: 'answer', drop: ['pay'], checkpoint: join(folder, 'kept') };
  const controller = new AbortController();
  const stopped = trainTable(table(), {
    ...options,
    signal: controller.signal,
    onProgress: ({ epoch }) => epoch === 7 && controller.abort(),
  });
  await expect(stopped).rejects.toThrow(/abort/);
  await expect(trainTable(table(), { ...options, resume: true, scale: 'minmax' })).rejects.toThrow(
    /of other columns or options/,
  );
  const epochs: number[] = [];
  const resumed = await trainTable(table(), {
    ...options,
    resume: true,
    onProgress: ({ epoch }) => epoch && epochs.push(epoch),
  });
  expect(epochs[0]).toBeGreaterThan(5);
  expect(learnerOf(resumed).network.parameters).toEqual(learnerOf(classifier).network.parameters);
});

test('sparse rows', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => [(i * 7) % 40, (i * 3) % 50]);
  const labels = Float64Array.from(rows, ([a]) => (a < 20 ? 1 : -1));
  const entries = rows.flatMap(([a, b], i) => [[i, a, 1] as const, [i, b + 40, 0.5] as const]);
  const X = SparseMatrix.fromEntries(200, 90, entries);
  const sparse: SparseTable = {
    ...{ kind: 'sparse', format: 'libsvm', file: 'rows.svm', cols: 90, progress: { read: 0 }, skipped: [] },
    async *blocks() {
      yield { rows: 120, first: 0, X: X.slice(0, 120), y: labels.slice(0, 120) };
      yield { rows: 80, first: 120, X: X.slice(120, 200), y: labels.slice(120) };
    },
  };
  const model = await trainTable(sparse, QUICK);
  expect(model.evaluation.metrics.accuracy).toBeGreaterThan(0.9);
  const path = join(folder, 'sparse.safetensors');
  await saveModel(model, path);
  const back = await loadModel(path);
  expect((await evaluateTable(back, sparse)).metrics.accuracy).toBeGreaterThan(0.9);
  await expect(predictTable(back, table()).blocks()[Symbol.asyncIterator]().next()).rejects.toThrow(
    /takes sparse rows/,
  );
});

test('two files side by side, cut as the first one is', async () => {
  const rows = Array.from({ length: 130 }, (_, i) => [i, i % 2]);
  const images = memoryTable(['a', 'b'], 'number', rows, 33);
  const labels = (count: number) =>
    memoryTable(
      ['label'],
      'number',
      Array.from({ length: count }, (_, i) => [i % 3]),
      50,
    );
  const both = beside(images, labels(130));
  const blocks: Block[] = await all(both.blocks());
  expect(blocks.flatMap(({ columns }) => Array.from(columns[2]))).toEqual(rows.map((_, i) => i % 3));
  expect(both.columns.map(({ name }) => name)).toEqual(['a', 'b', 'target']);
  await expect(all(beside(images, labels(129)).blocks())).rejects.toThrow(/it has 129 rows, data\.csv has more/);
  await expect(all(beside(images, labels(131)).blocks())).rejects.toThrow(
    /it has more rows than data\.csv, which has 130/,
  );
  expect(() => beside(labels(1), images)).toThrow(/one column is needed as the target, it has 2/);
});

test('models without a schema, and schemas that are not the weights, are refused', async () => {
  const path = join(folder, 'other');
  await save(learnerOf(classifier) as never, path);
  await expect(loadModel(path)).rejects.toThrow(/a model without a schema/);
  const forge = async (notes: unknown) => {
    await save(classifier.model as never, path, { notes });
    return loadModel(path);
  };
  const { notes } = classifier;
  expect((await forge(notes)).notes.schema.task).toBe('classify');
  const { schema } = notes;
  for (const wrong of [
    7,
    { ...notes, notes: 2 },
    { ...notes, schema: { ...schema, task: 'regress' } },
    { ...notes, schema: { ...schema, columns: schema.columns.slice(1) } },
    { ...notes, schema: { ...schema, target: { ...schema.target, classes: ['yes', 'no'] } } },
    { ...notes, schema: { ...schema, columns: schema.columns.map((each) => ({ ...each, kind: 'date' })) } },
  ]) {
    await expect(forge(wrong)).rejects.toThrow(/its schema is damaged, or of another release/);
  }
  await expect(loadModel(join(folder, 'none'))).rejects.toThrow(/there is no such file/);
  await expect(loadModel(folder)).rejects.toThrow(/it is no regular file/);
  const bytes = toBytes(classifier.model as never, { notes });
  expect(fromBytes(bytes).loadInfo.notes).toBeDefined();
  expect(readFileSync(path).length).toBeGreaterThan(1000);
});

test.each([
  [{ hiden: [3] }, /unknown option "hiden"; known are/],
  [{ hidden: [0] }, /"hidden" must be an array of positive integers, got \[0\]/],
  [{ epochs: 1.5 }, /"epochs" must be an integer from 1/],
  [{ solver: 'adm' }, /"solver" must be one of adadelta|one of sgd/],
  [{ validation: 1 }, /"validation" must be a number from 0 to 0\.9/],
  [{ resume: true }, /"resume" needs the folder "checkpoint"/],
])('options that are refused: %j', async (options, message) => {
  await expect(trainTable(table(), options as never)).rejects.toThrow(message);
});

test('rows of a step', () => {
  expect([2, 150, 1000, 10_000, 1e6].map(batchOf)).toEqual([8, 8, 8, 128, 256]);
});
