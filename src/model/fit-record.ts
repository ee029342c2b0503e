// What training left of an estimator beside its network: plain data.

import { type RandomStateJSON, random } from '../random/random.js';
import { appendCurve, extendCurve } from '../train/loop/curve.js';
import type { EpochReport, History, StopReason } from '../train/loop/history.js';
import type { PlateauState } from '../train/loop/plateau.js';
import type { StepState } from '../train/optimizers/forms.js';
import type { LabelPlan } from './task.js';

export interface FitRecord {
  /** Of a classifier. */
  readonly labels: LabelPlan | undefined;
  readonly optimizer: StepState | undefined;
  readonly random: RandomStateJSON;
  readonly samplesSeen: number;
  /** How often adaptive has divided the rate, and the plateau it watches. */
  readonly cuts: number;
  readonly plateau: PlateauState | undefined;
  readonly stopReason: StopReason;
  /** Epochs, of lbfgs iterations; and how many of them had a score. */
  readonly nIter: number;
  readonly nScores: number;
  /** Of all epochs, whether the curves still have them or not; Infinity and -Infinity before the first. */
  readonly bestLoss: number;
  readonly bestScore: number;
  /** Bounded, as appendCurve has it: of many epochs every 2nd, 4th, ... and the last. */
  readonly lossCurve: number[];
  /** None without validation rows; else of as many epochs as lossCurve, NaN for those without. */
  readonly validationLoss: number[];
  readonly validationScores: number[];
  readonly learningRates: number[];
}

/** What is new of it before the first epoch. */
export function newFitRecord(labels: LabelPlan | undefined, randomState: number): FitRecord {
  return {
    labels,
    optimizer: undefined,
    random: random(randomState).state,
    samplesSeen: 0,
    cuts: 0,
    plateau: undefined,
    stopReason: 'epochs',
    nIter: 0,
    nScores: 0,
    bestLoss: Infinity,
    bestScore: -Infinity,
    lossCurve: [],
    validationLoss: [],
    validationScores: [],
    learningRates: [],
  };
}

/** What was kept before there were counts, when curves were whole, and before there was a validationLoss. */
export function withCounts(given: FitRecord): FitRecord {
  const progress = { ...given, validationLoss: given.validationLoss ?? [] };
  const { lossCurve, validationScores } = progress;
  if (progress.nIter !== undefined) return progress;
  return {
    ...progress,
    nIter: lossCurve.length,
    nScores: validationScores.length,
    bestLoss: least(lossCurve),
    bestScore: greatest(validationScores),
  };
}

const least = (curve: readonly number[], start = Infinity) => curve.reduce((a, b) => Math.min(a, b), start);
const greatest = (curve: readonly number[], start = -Infinity) => curve.reduce((a, b) => Math.max(a, b), start);

/** The curves of a training, and how many epochs it had. */
export interface Course {
  readonly epochs: number;
  readonly loss: readonly number[];
  readonly validationLoss: readonly number[];
  readonly scores: readonly number[];
  readonly learningRate: readonly number[];
  readonly bestLoss: number;
  readonly bestScore: number;
}

/** The least loss is told where nothing else is watched: of a curve that leaves epochs out it is not known. */
const OWN_LOSS = 'loss';

/** @param monitor the name of the curve that was watched, if any was */
export function courseOf(history: History, monitor: string): Course {
  const { loss, validationLoss, learningRate, metrics, epochs, best } = history;
  const scores = Object.hasOwn(metrics, monitor) ? metrics[monitor] : [];
  const watched = Number.isNaN(best) ? [] : [best]; // exact even where the curve leaves epochs out
  const bestLoss = monitor === OWN_LOSS ? least(loss, least(watched)) : Infinity;
  return {
    epochs,
    loss,
    validationLoss,
    scores,
    learningRate,
    bestLoss,
    bestScore: greatest(scores.length > 0 ? watched : [], greatest(scores)),
  };
}

/** The same, from the reports of a training that was cut short. */
export class ReportedCourse implements Course {
  epochs = 0;
  rows = 0;
  readonly loss: number[] = [];
  readonly validationLoss: number[] = [];
  readonly scores: number[] = [];
  readonly learningRate: number[] = [];
  bestLoss = Infinity;
  bestScore = -Infinity;
  readonly #monitor: string;

  constructor(monitor: string) {
    this.#monitor = monitor;
  }

  add({ loss, validationLoss, learningRate, metrics, rows }: EpochReport): void {
    this.epochs++;
    this.rows += rows;
    appendCurve(this.loss, loss, this.epochs);
    appendCurve(this.learningRate, learningRate, this.epochs);
    if (validationLoss !== undefined) appendCurve(this.validationLoss, validationLoss, this.epochs);
    if (this.#monitor === OWN_LOSS) this.bestLoss = Math.min(this.bestLoss, loss);
    if (!Object.hasOwn(metrics, this.#monitor)) return;
    const score = metrics[this.#monitor];
    appendCurve(this.scores, score, this.epochs);
    this.bestScore = Math.max(this.bestScore, score);
  }
}

/** In place, once there is one. Made before the lossCurve grows, whose length it has. */
function extendValidation(
  { nIter, lossCurve, validationLoss }: FitRecord,
  { epochs, loss, validationLoss: more }: Course,
) {
  if (validationLoss.length + more.length === 0) return validationLoss;
  const curve = validationLoss.length > 0 ? validationLoss : lossCurve.map(() => Number.NaN);
  extendCurve(curve, nIter, more.length > 0 ? more : loss.map(() => Number.NaN), epochs);
  return curve;
}

/** The same of one epoch, without scores. */
export function extendByOne<P extends FitRecord>(progress: P, loss: number, learningRate: number): P {
  const course = {
    epochs: 1,
    loss: [loss],
    validationLoss: [],
    scores: [],
    learningRate: [learningRate],
    bestLoss: loss,
    bestScore: -Infinity,
  };
  return extend(progress, course);
}

/** Appends it to the curves, in place: a call of partialFit costs the same, however many there were. */
export function extend<P extends FitRecord>(progress: P, course: Course): P {
  const { nIter, nScores, lossCurve, learningRates, validationScores } = progress;
  const { epochs, loss, scores, learningRate } = course;
  const validationLoss = extendValidation(progress, course);
  extendCurve(lossCurve, nIter, loss, epochs);
  extendCurve(learningRates, nIter, learningRate, epochs);
  if (scores.length > 0) extendCurve(validationScores, nScores, scores, epochs);
  return {
    ...progress,
    validationLoss,
    nIter: nIter + epochs,
    nScores: nScores + (scores.length > 0 ? epochs : 0),
    bestLoss: Math.min(progress.bestLoss, course.bestLoss),
    bestScore: Math.max(progress.bestScore, course.bestScore),
  };
}
