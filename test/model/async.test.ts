// predictAsync and predictProbaAsync: the bits of predict, a few milliseconds at a time.

import { describe, expect, test, vi } from 'vitest';
import { Matrix } from '../../src/common.js';
import {
  type Label,
  MLPClassifier,
  MLPRegressor,
  NotFittedError,
  Pipeline,
  StandardScaler,
} from '../../src/model/index.js';
import { inPieces } from '../../src/model/pieces.js';
import { random } from '../../src/random/random.js';
import { entries, expectSameBits } from '../support/backends.js';

const X = random(5).randn(3000, 3);
const HERE = { background: false, maxIter: 3, hiddenLayerSizes: [5] } as const;
const third = Array.from({ length: 3000 }, (_, i) => ['a', 'b', 'c'][i % 3]);
const sums = Array.from(X, ([a, b]) => a + b);

/** The same rows in every form. */
const forms: [string, unknown][] = [
  ['a Matrix', X],
  ['rows', X.toArray()],
  ['typed rows', Array.from(X, (row) => row.slice())],
  ['plain numbers', { rows: X.rows, cols: X.cols, data: Array.from(X.data) }],
];

/** How long a timer had to wait each time while `work` ran, ms, and what it gave. */
async function waits<T>(work: () => Promise<T>): Promise<[number[], T]> {
  let last = performance.now();
  const gaps: number[] = [];
  const probe = setInterval(() => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }, 1);
  try {
    const result = await work();
    return [gaps.sort((a, b) => a - b), result];
  } finally {
    clearInterval(probe);
  }
}

describe.each(entries)('%s', (_, { engine }) => {
  test.each(forms)('the bits of predict: %s', async (_, rows) => {
    const given = rows as Matrix;
    const classifier = await new MLPClassifier({ ...HERE, engine }).fit(X, third);
    expect(await classifier.predictAsync(given)).toEqual(classifier.predict(X));
    expectSameBits((await classifier.predictProbaAsync(given)).data, classifier.predictProba(X).data);
    const binary = await new MLPClassifier({ ...HERE, engine }).fit(
      X,
      third.map((label) => label === 'a'),
    );
    expectSameBits((await binary.predictProbaAsync(given)).data, binary.predictProba(X).data);
    const regressor = await new MLPRegressor({ ...HERE, engine }).fit(X, sums);
    expectSameBits(await regressor.predictAsync(given), regressor.predict(X));
    const two = await new MLPRegressor<Matrix>({ ...HERE, engine }).fit(X, Matrix.from(sums.map((sum) => [sum, -sum])));
    expectSameBits((await two.predictAsync(given)).data, two.predict(X).data);
    const pipeline = await new Pipeline([new StandardScaler(), new MLPClassifier({ ...HERE, engine })]).fit(X, third);
    const labels: Label[] = await pipeline.predictAsync(given);
    expect(labels).toEqual(pipeline.predict(X));
    expectSameBits((await pipeline.predictProbaAsync(given)).data, pipeline.predictProba(X).data);
  });

  test('resident rows, no rows, one row', async () => {
    const model = await new MLPRegressor({ ...HERE, engine }).fit(X, sums);
    const resident = engine.matrix(X);
    expectSameBits(await model.predictAsync(resident), model.predict(X));
    await expect(model.predictAsync(Matrix.zeros(0, 3))).rejects.toThrow('"X" has no rows'); // as predict has it
    expectSameBits(await model.predictAsync([[1, 2, 3]]), model.predict([[1, 2, 3]]));
  });

  test('errors are those of predict, and say of which rows', async () => {
    const model = await new MLPRegressor({ ...HERE, engine }).fit(X, sums);
    await expect(new MLPRegressor().predictAsync(X)).rejects.toThrow(NotFittedError);
    await expect(model.predictAsync([[1, 2]])).rejects.toThrow(
      '"X" has 2 columns, but this MLPRegressor was fitted with 3',
    );
    await expect(model.predictAsync([1, 2, 3] as never)).rejects.toThrow('"X" must be 2-D');
    await expect(model.predictAsync(null as never)).rejects.toThrow('"X" must be a Matrix');
    const rows = X.toArray();
    rows[2500][1] = Number.NaN;
    const { message } = await model.predictAsync(rows).then(
      () => new Error('none'),
      (error: Error) => error,
    );
    const place = /^of the rows (\d+) to (\d+), counted from 0: the output for row (\d+) of "X" is NaN/.exec(message);
    const [from, end, row] = (place ?? []).slice(1).map(Number);
    expect(from + row).toBe(2500);
    expect(end).toBeGreaterThanOrEqual(2500);
    await expect(model.predictAsync(X, { signall: 1 } as never)).rejects.toThrow('did you mean signal?');
    await expect(model.predictAsync(X, { signal: 1 as never })).rejects.toThrow(
      '"signal" must be an AbortSignal, got 1',
    );
    const numbers = await new Pipeline([new StandardScaler(), new MLPRegressor({ ...HERE, engine })]).fit(X, sums);
    await expect((numbers as never as Pipeline).predictProbaAsync(X)).rejects.toThrow('has no predictProbaAsync');
  });
});

const many = new Matrix(
  1_000_000,
  4,
  Float64Array.from({ length: 4_000_000 }, (_, i) => Math.sin(i)),
);
const model = MLPClassifier.from({
  coefs: [random(1).randn(4, 8), random(2).randn(8, 3)],
  intercepts: [new Float64Array(8), new Float64Array(3)],
  classes: ['a', 'b', 'c'],
});

// By a clock that only the work moves on: other processes cannot hold it up.
test.each([1e-5, 1e-3, 0.1, 3, 8])('others have their turn every 16 ms at most, if a row takes %f ms', async (cost) => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const turns: number[] = [];
  let running = true;
  const probe = () => {
    turns.push(now);
    if (running) setImmediate(probe);
  };
  setImmediate(probe);
  try {
    const rows = Math.min(1_000_000, Math.ceil(200 / cost));
    let seen = 0;
    await inPieces({ rows, cols: 1, data: new Float64Array(rows) }, undefined, (piece) => {
      seen += (piece as Matrix).rows;
      now += (piece as Matrix).rows * cost * (now > 50 && now < 120 ? 2 : 1); // as if the machine slowed down for a while
    });
    expect(seen).toBe(rows);
    expect(now).toBeGreaterThan(9);
  } finally {
    running = false;
    clock.mockRestore();
  }
  turns.push(now);
  expect(Math.max(...turns.map((time, i) => time - (turns[i - 1] ?? 0)))).toBeLessThanOrEqual(16);
});

test('a million rows leave the event loop its turn', async () => {
  const [gaps, labels] = await waits(() => model.predictAsync(many));
  expect(labels).toEqual(model.predict(many));
  expect(gaps.length).toBeGreaterThan(8);
  const scaled = new Pipeline([new StandardScaler().fit(many), model]);
  const [scaledGaps, probabilities] = await waits(() => scaled.predictProbaAsync(many));
  expect(probabilities.rows).toBe(1_000_000);
  expect(scaledGaps.length).toBeGreaterThan(8);
});

test('an abort ends it within its slice', async () => {
  const control = new AbortController();
  const running = model.predictAsync(many, { signal: control.signal });
  let aborted = 0;
  setTimeout(() => {
    aborted = performance.now();
    control.abort(new Error('enough'));
  }, 20);
  await expect(running).rejects.toThrow('enough');
  expect(performance.now() - aborted).toBeLessThan(250);
  await expect(model.predictAsync(many, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
});
