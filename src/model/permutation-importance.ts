// Permutation importance: how much worse a score gets when a column's values change places. Source: Breiman (2001), Random forests,
// section 10; scikit-learn 1.2.1, sklearn/inspection/_permutation_importance.py.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkInteger, isInteger, refuseValue } from '../checks/values.js';
import { generatorOf } from '../data/splits.js';
import { type AbortSignalLike, checkSignal } from '../host/abort-signal.js';
import { countRows, takeRows, takeRowsOf } from '../matrix/copies.js';
import { Matrix } from '../matrix/matrix.js';
import { checkSameRows, isSparse, type MatrixInput, type MatrixLike } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import { range } from '../numbers/range.js';
import { type RandomState, random } from '../random/random.js';
import { pause } from '../train/loop/turns.js';
import { asNow } from './later.js';
import type { Estimator, TargetsOf } from './pipeline.js';
import { readScoring } from './scoring.js';
import { withoutReplacement } from './search/draws.js';
import { meanOf, spreadOf } from './search/ranks.js';
import type { Scoring } from './study.js';

/** Options of {@link permutationImportance}. */
export interface PermutationOptions<E extends Estimator = Estimator> {
  /** How often each column's values change places. Default: 5. */
  nRepeats?: number;
  /** What to score with, greater being better. Default: the estimator's `score`. */
  scoring?: Scoring<E>;
  /** One weight for each row, of scores. */
  sampleWeight?: ArrayLike<number>;
  /** Rows that are drawn for each column: a fraction, or their number. Default: all. */
  maxSamples?: number;
  /** A seed as in NumPy, or a generator, which then moves on. Default: 0. */
  randomState?: number | RandomState;
  /** Stops between two scores: the promise rejects with its reason. */
  signal?: AbortSignalLike;
}

/** What {@link permutationImportance} found. */
export interface PermutationImportance {
  /** What the score falls by: columns of X x repeats. */
  readonly importances: Matrix;
  /** Of each column, over its repeats. */
  readonly importancesMean: Float64Array;
  /** The standard deviation of each column's, over its repeats. */
  readonly importancesStd: Float64Array;
  /** The score of X as it is. */
  readonly score: number;
}

/** Copied rows, whose elements of whatever kind change places. */
interface Table {
  readonly X: TableInput;
  readonly cols: number;
  get(i: number, j: number): unknown;
  set(i: number, j: number, value: never): void;
}

function tableOf(X: TableInput): Table {
  if (isSparse(X))
    refuseValue('X', 'dense', X, '', ': each column is moved by itself; pass its toDense(), of few rows');
  const copy = asNow(X);
  if (Array.isArray(copy)) {
    const rows = copy as unknown as Record<string, unknown>[];
    // Texts are one column.
    if (typeof copy[0] === 'string') {
      const texts = copy as unknown[];
      const put = (i: number, _: number, value: unknown) => {
        texts[i] = value;
      };
      return { X: copy as never, cols: 1, get: (i) => texts[i], set: put };
    }
    const names = Object.keys(rows[0]);
    const set = (i: number, j: number, value: unknown) => {
      rows[i][names[j]] = value;
    };
    return { X: copy as never, cols: names.length, get: (i, j) => rows[i][names[j]], set };
  }
  const { cols, data } = copy as MatrixLike & { data: number[] };
  const set = (i: number, j: number, value: number) => {
    data[i * cols + j] = value;
  };
  return { X: copy as MatrixInput, cols, get: (i, j) => data[i * cols + j], set };
}

function drawnCount(maxSamples: unknown, n: number): number {
  const count = isInteger(maxSamples, 1, n) ? maxSamples : undefined;
  if (maxSamples === 1) return n; // all, as the default is: one row says nothing
  if (count !== undefined) return count;
  const part = typeof maxSamples === 'number' && maxSamples > 0 && maxSamples < 1 ? Math.floor(maxSamples * n) : 0;
  return part > 0 ? part : refuseValue('maxSamples', `a fraction of the ${n} rows, or their number`, maxSamples);
}

/**
 * What a fitted estimator's score on these rows falls by when the values of one column change places, column by column;
 * scikit-learn's `permutation_importance`, with its draws for the same random state. The event loop has its turn after each score.
 *
 * @param estimator a fitted estimator or pipeline
 * @param X rows that it was not trained on, or it says what training made use of
 * @throws {ValueError|ShapeError} naming the argument; the signal's reason if it aborts
 * @example
 * const model = MLPRegressor.from({ coefs: [[[2], [0]]], intercepts: [[0]] });
 * const { importancesMean } = await permutationImportance(model, [[1, 5], [2, 3], [3, 9], [4, 4]], [2, 4, 6, 8]);
 * importancesMean[0] > 0.5; // true
 * importancesMean[1]; // 0
 */
export async function permutationImportance<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  options: PermutationOptions<E> = {},
): Promise<PermutationImportance> {
  const known = ['nRepeats', 'scoring', 'sampleWeight', 'maxSamples', 'randomState', 'signal'];
  const given = readOptions(options, known, 'permutationImportance');
  const { nRepeats = 5, sampleWeight, maxSamples = 1, randomState, signal } = given;
  checkInteger(nRepeats, 'nRepeats', 1);
  checkSignal(signal);
  const score = readScoring(given.scoring);
  const n = countRows(X, 'X');
  if (n === 0) throw new ValueError('"X" has no rows');
  checkSameRows('X', n, 'y', countRows(y, 'y'));
  if (sampleWeight) checkSameRows('X', n, 'sampleWeight', sampleWeight.length);
  const count = drawnCount(maxSamples, n);
  // Each column's places are drawn from the same seed.
  const seed = generatorOf(randomState).upTo(2 ** 31 - 1);
  const original = tableOf(X);
  const targets = asNow(y);
  const weights = sampleWeight && asNow(sampleWeight);
  signal?.throwIfAborted();
  const baseline = score(estimator, original.X as MatrixInput, targets, weights);
  const scores: number[][] = [];
  for (let j = 0; j < original.cols; j++) {
    const rng = random(seed);
    const rows = count < n ? withoutReplacement(n, count, rng) : undefined;
    const table = tableOf(rows ? (takeRowsOf(original.X, 'X', rows) as TableInput) : original.X);
    const labels = rows ? takeRows(targets as ArrayLike<number>, rows) : targets;
    const own = rows && weights ? Array.from(rows, (i) => weights[i]) : weights;
    const order = range(0, count);
    const ofColumn: number[] = [];
    for (let k = 0; k < nRepeats; k++) {
      rng.shuffle(order);
      const moved = Array.from(order, (i) => table.get(i, j));
      for (let i = 0; i < count; i++) table.set(i, j, moved[i] as never);
      ofColumn.push(baseline - score(estimator, table.X as MatrixInput, labels, own));
      await pause();
      signal?.throwIfAborted();
    }
    scores.push(ofColumn);
  }
  return {
    importances: new Matrix(scores.length, nRepeats, Float64Array.from(scores.flat())),
    importancesMean: Float64Array.from(scores, meanOf),
    importancesStd: Float64Array.from(scores, spreadOf),
    score: baseline,
  };
}
