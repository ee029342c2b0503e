// Further metrics against scikit-learn's: beta, several labels at once, agreement, curves, areas, ratios, the report.

import { describe, expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import {
  accuracyScore,
  auc,
  averagePrecisionScore,
  balancedAccuracyScore,
  type ClassReport,
  classificationReport,
  f1Score,
  fbetaScore,
  matthewsCorrcoef,
  meanAbsolutePercentageError,
  meanSquaredLogError,
  precisionRecallCurve,
  precisionScore,
  recallScore,
  rocAucScore,
  rocCurve,
  rootMeanSquaredError,
  topKAccuracyScore,
} from '../../src/data/index.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { random } from '../../src/random/random.js';
import { evaluation, expectClose, numbers } from '../support/data-fixtures.js';

// biome-ignore lint/suspicious/noExplicitAny: fixtures of many shapes
type Any = any;
const optional = (options: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined));

function expectReport(ours: ReturnType<typeof classificationReport>, theirs: Any): void {
  const same = (a: Any, b: Any) => {
    expectClose([a.precision, a.recall, a.f1Score, a.support], [b.precision, b.recall, b['f1-score'], b.support]);
  };
  for (const each of ours.classes as ClassReport[]) same(each, theirs[each.name]);
  same(ours.macroAvg, theirs['macro avg']);
  same(ours.weightedAvg, theirs['weighted avg']);
  if (theirs.accuracy !== undefined) expectClose(ours.accuracy, theirs.accuracy);
  if (theirs['micro avg']) same(ours.microAvg, theirs['micro avg']);
  if (theirs['samples avg']) same(ours.samplesAvg, theirs['samples avg']);
  expect([ours.accuracy === undefined, ours.microAvg === undefined, ours.samplesAvg === undefined]).toEqual([
    theirs.accuracy === undefined,
    theirs['micro avg'] === undefined,
    theirs['samples avg'] === undefined,
  ]);
}

describe('classification', () => {
  test.each<Any>(evaluation.classification.cases)('case %#', ({ yTrue, yPred, weights, ...theirs }) => {
    const w = optional({ sampleWeight: weights });
    expectClose(balancedAccuracyScore(yTrue, yPred, w), theirs.balanced[0]);
    expectClose(balancedAccuracyScore(yTrue, yPred, { ...w, adjusted: true }), theirs.balanced[1], 1e-12, 1e-15);
    expectClose(matthewsCorrcoef(yTrue, yPred, w), theirs.matthews);
    for (const { beta, average, value } of theirs.fbeta) {
      expectClose(fbetaScore(yTrue, yPred, { ...w, beta: numbers(beta) ?? beta, average }), value);
    }
    const report = classificationReport(yTrue, yPred, w);
    expect(String(report)).toBe(theirs.report);
    expectReport(report, theirs.numbers);
    const labels = ([...new Set(yTrue)] as Any[]).sort();
    const names = { targetNames: ['the first', 'second'], digits: 3 };
    const two = yTrue.includes('c') ? ['b', 'a'] : labels.length > 2 ? [5, 2] : labels.toReversed();
    expect(String(classificationReport(yTrue, yPred, { ...w, ...names, labels: two }))).toBe(theirs.reportOfTwo);
  });

  test.each<Any>(evaluation.classification.edges)('edge %#', ({ yTrue, yPred, balanced, matthews }) => {
    expectClose([balancedAccuracyScore(yTrue, yPred), matthewsCorrcoef(yTrue, yPred)], [balanced, matthews]);
  });

  test('a last digit half way goes to the even one', () => {
    const { yTrue, yPred, report, none } = evaluation.classification.halves;
    expect(String(classificationReport(yTrue, yPred))).toBe(report);
    expect(String(classificationReport(yTrue, yPred, { digits: 0 }))).toBe(none);
  });

  test('the report is plain numbers to JSON, and names are text whatever they are', () => {
    const report = classificationReport(['__proto__', 'a'], ['__proto__', 'a']);
    expect(JSON.parse(JSON.stringify(report)).classes[0]).toEqual({
      label: '__proto__',
      name: '__proto__',
      precision: 1,
      recall: 1,
      f1Score: 1,
      support: 1,
    });
    expect(`${report}`).toContain('   __proto__       1.00');
  });
});

describe('several labels at once', () => {
  test.each<Any>(evaluation.multilabel)('case %#', ({ yTrue, yPred, weights, ...theirs }) => {
    const w = optional({ sampleWeight: weights });
    expectClose(accuracyScore(yTrue, yPred, w), theirs.accuracy);
    expectClose(accuracyScore(Matrix.from(yTrue), yPred, { ...w, normalize: false }), theirs.right);
    for (const { average, labels, zeroDivision, values } of theirs.scores) {
      const options = { ...w, average, zeroDivision, ...optional({ labels }) };
      const scores = [precisionScore, recallScore, f1Score] as ((...args: Any[]) => number | Float64Array)[];
      scores.forEach((score, k) => expectClose(score(yTrue, yPred, options), values[k]));
      expectClose(fbetaScore(yTrue, yPred, { ...options, beta: 0.5 }), values[3]);
    }
    const report = classificationReport(yTrue, yPred, w);
    expect(String(report)).toBe(theirs.report);
    expectReport(report, theirs.numbers);
  });
});

describe('scores', () => {
  test.each<Any>(evaluation.ranking.cases)('case %#', ({ yTrue, P, weights, ...theirs }) => {
    const w = optional({ sampleWeight: weights });
    const greater = P.map((row: number[]) => row[1]);
    const scores = theirs.ovr ? P : greater;
    theirs.topK.forEach(([share, number]: number[], i: number) => {
      expectClose(topKAccuracyScore(yTrue, scores, { k: i + 1, ...w }), share);
      expectClose(topKAccuracyScore(yTrue, scores, { k: i + 1, normalize: false, ...w }), number);
    });
    for (const { posLabel, dropIntermediate, fpr, tpr, thresholds, auc: area } of theirs.curves) {
      const curve = rocCurve(yTrue, greater, { posLabel, dropIntermediate, ...w });
      expectClose(curve.fpr, fpr, 1e-12, 1e-15);
      expectClose(curve.tpr, tpr, 1e-12, 1e-15);
      expectClose(curve.thresholds, thresholds);
      expectClose(auc(curve.fpr, curve.tpr), area);
    }
    const posLabel = theirs.curves[0].posLabel;
    const curve = precisionRecallCurve(yTrue, greater, { posLabel, ...w });
    for (const name of ['precision', 'recall', 'thresholds'] as const) {
      expectClose(curve[name], theirs.precisionRecall[name]);
    }
    if (!theirs.ovr) return expectClose(averagePrecisionScore(yTrue, greater, w), theirs.averagePrecision);
    for (const average of Object.keys(theirs.ovr) as Any[]) {
      expectClose(rocAucScore(yTrue, P, { average, ...w }), theirs.ovr[average]);
      expectClose(averagePrecisionScore(yTrue, P, { average, ...w }), theirs.averagePrecisions[average]);
    }
    for (const [average, value] of Object.entries(theirs.ovo ?? {}) as [Any, number][]) {
      expectClose(rocAucScore(yTrue, P, { average, multiClass: 'ovo' }), value);
    }
  });

  test.each<Any>(evaluation.ranking.several)('several labels at once: case %#', (c) => {
    const w = optional({ sampleWeight: c.weights });
    for (const average of Object.keys(c.auc) as Any[]) {
      expectClose(rocAucScore(c.yTrue, c.scores, { average, ...w }), c.auc[average]);
      expectClose(averagePrecisionScore(c.yTrue, c.scores, { average, ...w }), c.averagePrecision[average]);
    }
  });

  test('scores that are no probabilities; a curve that falls', () => {
    const { logits, falling } = evaluation.ranking;
    expectClose(topKAccuracyScore(logits.yTrue, logits.scores, { k: 1 }), logits.top);
    expectClose(auc(falling.x, falling.y), falling.auc);
  });

  test('what is not there: no row of the class, or none else', () => {
    const none = rocCurve([0, 0], [0.5, 0.1]);
    expect(none.tpr).toEqual(Float64Array.of(Number.NaN, Number.NaN, Number.NaN));
    expect(precisionRecallCurve([0, 0], [0.5, 0.1]).recall).toEqual(Float64Array.of(1, 1, 0));
    expect(rocCurve([true, true], [0.5, 0.1]).fpr[0]).toBeNaN();
  });

  test('the area is that of all pairs', () => {
    const rng = random(8);
    for (let round = 0; round < 50; round++) {
      const n = 2 + Math.floor(rng.rand() * 40);
      const y = [0, 1, ...Array.from({ length: n }, () => Math.floor(rng.rand() * 2))];
      const scores = y.map(() => Math.floor(rng.rand() * 6));
      let won = 0;
      let pairs = 0;
      for (const [i, a] of y.entries()) {
        for (const [j, b] of y.entries()) {
          if (a !== 1 || b !== 0) continue;
          pairs++;
          won += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
        }
      }
      expectClose(rocAucScore(y, scores), won / pairs);
      const { fpr, tpr } = rocCurve(y, scores);
      expectClose(auc(fpr, tpr), won / pairs);
    }
  });

  test('100,000 rows, all equal or all different', () => {
    const y = Array.from({ length: 100_000 }, (_, i) => i % 2);
    expect(
      rocAucScore(
        y,
        y.map(() => 0.5),
      ),
    ).toBe(0.5);
    expect(
      averagePrecisionScore(
        y,
        y.map((label, i) => label + i / 1e6),
      ),
    ).toBeCloseTo(1, 12);
  });
});

// scikit-learn 1.2.1 gives these, and where there was nothing to be found a warning.
test('average precision of one class', () => {
  expect(averagePrecisionScore([1, 1, 1], [0.1, 0.2, 0.3])).toBe(1);
  expect(averagePrecisionScore([true, true], [0.1, 0.2])).toBe(1);
  for (const y of [
    [0, 0, 0],
    [2, 2, 2],
    [-1, -1, -1],
    [false, false, false],
  ]) {
    expect(averagePrecisionScore(y, [0.1, 0.2, 0.3])).toBe(0);
  }
  expect(averagePrecisionScore([0, 1, 1], [0.1, 0.2, 0.3], { sampleWeight: [1, 0, 0] })).toBe(0);
  expect(averagePrecisionScore([0, 0], [0.1, 0.2], { labels: [0, 1] })).toBe(0);
  expect(averagePrecisionScore([1, 1], [0.1, 0.2], { labels: [0, 1] })).toBe(1);
  expect(() => averagePrecisionScore(['a', 'a'], [0.1, 0.2])).toThrow('"yTrue" has one class only');
});

test.each<Any>(evaluation.regression)('regression: case %#', ({ yTrue, yPred, weights, results }) => {
  const w = optional({ sampleWeight: weights });
  for (const { multioutput, rmse, mape, msle } of results) {
    expectClose(rootMeanSquaredError(yTrue, yPred, { ...w, multioutput }), rmse);
    expectClose(meanAbsolutePercentageError(yTrue, yPred, { ...w, multioutput }), mape);
    expectClose(meanSquaredLogError(yTrue, yPred, { ...w, multioutput }), msle);
  }
});

test('logarithms of tiny numbers keep their digits', () => {
  expectClose(meanSquaredLogError([1e-12], [0]), 1e-24, 3e-12);
  expect(meanSquaredLogError([2 ** -60], [0])).toBe(2 ** -120);
});

const several = [
  [1, 0],
  [0, 1],
];
test.each<[string, () => unknown, new () => Error, string]>([
  ['no beta', () => fbetaScore([1], [1], {} as never), ValueError, '"beta" must be a number, 0 or more, got undefined'],
  ['beta', () => fbetaScore([1], [1], { beta: -1 }), ValueError, '"beta" must be a number, 0 or more, got -1'],
  ['beta NaN', () => fbetaScore([1], [1], { beta: Number.NaN }), ValueError, 'got NaN'],
  ['option', () => fbetaScore([1], [1], { beta: 1, gamma: 1 } as never), ValueError, 'unknown option "gamma"'],
  [
    'binary of several',
    () => f1Score(several, several),
    ValueError,
    '"average" must be one of "micro", "macro", "weighted", "samples", "none" (of several labels at once), got "binary"',
  ],
  ['samples of one', () => f1Score([1], [1], { average: 'samples' }), ValueError, 'got "samples"'],
  ['indicator', () => f1Score([[1, 2]], [[1, 0]], { average: 'micro' }), ValueError, '"yTrue"[0][1] is 2'],
  ['rows', () => accuracyScore(several, [[1, 0]]), ShapeError, '"yTrue" has 2 rows and "yPred" has 1'],
  ['labels', () => accuracyScore([[1, 0]], [[1, 0, 1]]), ShapeError, '"yTrue" has 2 labels and "yPred" has 3'],
  ['no rows', () => accuracyScore(Matrix.zeros(0, 2), Matrix.zeros(0, 2)), ShapeError, '"yTrue" is empty'],
  [
    'column',
    () => f1Score(several, several, { average: 'macro', labels: [2] }),
    ValueError,
    '"labels"[0] must be a column from 0 to 1, got 2',
  ],
  ['adjusted', () => balancedAccuracyScore([1], [1], { adjusted: 1 } as never), ValueError, '"adjusted"'],
  ['k', () => topKAccuracyScore([0, 1], [0, 1], { k: 0 }), ValueError, '"k" must be a positive integer, got 0'],
  ['columns', () => topKAccuracyScore([0, 1], several), ShapeError, '"yScore" has 2 columns, but of two classes'],
  ['unknown class', () => topKAccuracyScore([7, 1], several, { labels: [0, 1, 2] }), ValueError, '"yTrue"[0] is 7'],
  ['posLabel', () => rocCurve(['a', 'b', 'c'], [1, 2, 3]), ValueError, '"posLabel" must be one of "a", "b", "c"'],
  ['posLabel kind', () => rocCurve(['a', 'b'], [1, 2], { posLabel: 1 }), ValueError, '"posLabel" must be one of'],
  ['scores', () => precisionRecallCurve([0, 1], several), ShapeError, '"yScore" has 2 columns'],
  ['NaN', () => rocCurve([0, 1], [0, Number.NaN]), ValueError, '"yScore"[1] is NaN'],
  ['auc', () => auc([0, 2, 1], [0, 0, 0]), ValueError, '"x" must rise or fall throughout'],
  ['auc of a point', () => auc([0], [0]), ShapeError, '"x" has 1 element: an area needs two or more'],
  [
    'ovo with weights',
    () => rocAucScore([0, 1, 2], new Array(3).fill([0.2, 0.3, 0.5]), { multiClass: 'ovo', sampleWeight: [1, 1, 1] }),
    ValueError,
    '"sampleWeight" does not go with "multiClass": "ovo"',
  ],
  ['multiClass', () => rocAucScore([0, 1], [0, 1], { multiClass: 'all' } as never), ValueError, '"ovr" or "ovo"'],
  ['negative', () => meanSquaredLogError([1, -1], [1, 1]), ValueError, '"yTrue"[1] is -1: logarithms need 0 or more'],
  [
    'names',
    () => classificationReport([0, 1], [0, 1], { targetNames: ['one'] }),
    ValueError,
    '"targetNames" has 1 names, but there are 2 labels',
  ],
])('refused: %s', (_, use, Type, message) => {
  expect(use).toThrow(Type);
  expect(use).toThrow(message);
});
