// What a model is worth on rows whose answers are known.

import {
  balancedAccuracyScore,
  classificationReport,
  confusionMatrix,
  logLoss,
  matthewsCorrcoef,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  r2Score,
  rocAucScore,
  rocCurve,
  rootMeanSquaredError,
} from '../model/index.js';
import type { CalibrationBin, Evaluation, Roc } from './run.js';
import type { TargetSchema } from './schema.js';

/** Rows of numbers that are kept to be drawn; points of a curve. */
const DRAWN = 2000;
const POINTS = 200;
/** Classes whose curves are kept: the most frequent. */
const CURVES = 10;
const BINS = 10;

/** Every so many-th of them, the last one always. */
function thinned(numbers: ArrayLike<number>, most: number): number[] {
  const step = Math.max(1, Math.ceil((numbers.length - 1) / (most - 1)));
  return Array.from(numbers).filter((_, i) => i % step === 0 || i === numbers.length - 1);
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

/** Gathers answers, block after block. */
export class Evaluator {
  readonly #target: TargetSchema;
  readonly #truth: number[] = [];
  /** Of numbers what was predicted; of classes their probabilities, row by row. */
  readonly #said: number[] = [];

  constructor(target: TargetSchema) {
    this.#target = target;
  }

  get rows(): number {
    return this.#truth.length;
  }

  /** @param truth classes' numbers, or numbers @param said a number a row, or rows x classes */
  add(truth: ArrayLike<number>, said: ArrayLike<number>): void {
    for (let i = 0; i < truth.length; i++) this.#truth.push(truth[i]);
    for (let i = 0; i < said.length; i++) this.#said.push(said[i]);
  }

  /** @throws {RangeError} without rows */
  finish(): Evaluation {
    if (this.rows === 0) throw new RangeError('there are no rows to evaluate');
    return this.#target.classes ? this.#classes(this.#target.classes.map(String)) : this.#numbers();
  }

  #numbers(): Evaluation {
    const [actual, predicted] = [this.#truth, this.#said];
    const { rows } = this;
    const metrics: Record<string, number> = {
      ...(rows > 1 && { r2: r2Score(actual, predicted) }),
      rootMeanSquaredError: rootMeanSquaredError(actual, predicted),
      meanAbsoluteError: meanAbsoluteError(actual, predicted),
      ...(actual.every((each) => each !== 0) && {
        meanAbsolutePercentageError: meanAbsolutePercentageError(actual, predicted),
      }),
    };
    return { rows, metrics, residuals: { actual: thinned(actual, DRAWN), predicted: thinned(predicted, DRAWN) } };
  }

  #classes(classes: readonly string[]): Evaluation {
    const { rows } = this;
    const k = classes.length;
    const truth = this.#truth;
    const all = classes.map((_, i) => i);
    const predicted = truth.map((_, i) => {
      let best = 0;
      for (let c = 1; c < k; c++) if (this.#said[i * k + c] > this.#said[i * k + best]) best = c;
      return best;
    });
    const proba = { rows, cols: k, data: Float64Array.from(this.#said) };
    const column = (c: number) => Float64Array.from(truth, (_, i) => this.#said[i * k + c]);
    const report = classificationReport(truth, predicted, { labels: all, zeroDivision: 0 });
    const seen = new Set(truth);
    const there = all.filter((c) => seen.has(c));
    const curves = new Map(
      there.map((c) => [
        c,
        this.#roc(
          classes[c],
          column(c),
          truth.map((each) => Number(each === c)),
        ),
      ]),
    );
    const areas = [...curves.values()].flatMap((curve) => (curve ? [curve.auc] : []));
    const counts = confusionMatrix(truth, predicted, { labels: all }).toArray();
    const support = new Map(counts.map((row, c) => [c, row.reduce((sum, each) => sum + each, 0)]));
    const frequent = [...there].sort((a, b) => (support.get(b) ?? 0) - (support.get(a) ?? 0) || a - b).slice(0, CURVES);
    const drawn = k === 2 ? [1] : frequent.sort((a, b) => a - b);
    const metrics: Record<string, number> = {
      accuracy: truth.filter((each, i) => each === predicted[i]).length / rows,
      ...(there.length > 1 && { balancedAccuracy: balancedAccuracyScore(truth, predicted) }),
      f1Macro: report.macroAvg.f1Score,
      logLoss: logLoss(truth, proba, { labels: all }),
      ...(areas.length > 0 && { rocAuc: k === 2 ? rocAucScore(truth, column(1)) : meanOf(areas) }),
      ...(k === 2 && there.length === 2 && { matthewsCorrcoef: matthewsCorrcoef(truth, predicted) }),
    };
    return {
      rows,
      metrics,
      confusion: { classes, counts },
      classes: report.classes.map(({ precision, recall, f1Score, support }, c) => ({
        label: classes[c],
        precision,
        recall,
        f1: f1Score,
        support,
      })),
      roc: drawn.flatMap((c) => curves.get(c) ?? []),
      calibration: this.#calibration(truth, predicted, k),
    };
  }

  /** Of one class against the others; undefined where there is but one side. */
  #roc(label: string, score: Float64Array, truth: readonly number[]): Roc | undefined {
    if (truth.every((each) => each === truth[0])) return undefined;
    const { fpr, tpr } = rocCurve(truth, score);
    return {
      label,
      falsePositiveRate: thinned(fpr, POINTS),
      truePositiveRate: thinned(tpr, POINTS),
      auc: rocAucScore(truth, score),
    };
  }

  #calibration(truth: readonly number[], predicted: readonly number[], k: number): CalibrationBin[] {
    const bins = Array.from({ length: BINS }, () => ({ confidence: 0, accuracy: 0, count: 0 }));
    for (const [i, c] of predicted.entries()) {
      const sure = this.#said[i * k + c];
      const bin = bins[Math.min(BINS - 1, Math.floor(sure * BINS))];
      bin.count++;
      bin.confidence += sure;
      bin.accuracy += Number(truth[i] === c);
    }
    return bins
      .filter(({ count }) => count > 0)
      .map(({ confidence, accuracy, count }) => ({
        confidence: confidence / count,
        accuracy: accuracy / count,
        count,
      }));
  }
}
