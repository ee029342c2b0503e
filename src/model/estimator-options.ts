// The parameters of MLPClassifier and MLPRegressor: scikit-learn's in camelCase, with its defaults.

import { ValueError } from '../checks/errors.js';
import type { Engine } from '../engine.js';
import type { WorkerLike } from '../host/mailbox.js';
import type { ActivationName } from '../layers/activations.js';
import type { Dtype } from '../matrix/operand.js';
import type { AveragingName, AveragingOptions } from '../train/loop/averaging.js';
import { LOSS_DEFAULTS, type LossParameters } from './regressor-losses.js';
import type { SolverParameters } from './solver.js';

/** Parameters of both estimators, named as scikit-learn's. */
export interface MLPParameters extends SolverParameters {
  /** Units of each hidden layer; a number is one layer. Default [100]. */
  hiddenLayerSizes: number | readonly number[];
  /** Of all hidden layers, or of each: any of a network's but softmax. Default `'relu'`. */
  activation: ActivationName | readonly ActivationName[];
  /**
   * The share of each hidden layer's outputs that a step drops, from 0 (default) to below 1; an array has a rate for each. Nothing is
   * dropped in predictions.
   */
  dropout: number | readonly number[];
  /** Of the L2 penalty, which is divided by a batch's rows; default 1e-4. */
  alpha: number;
  /** `'auto'` (default) is 200, or all rows if there are fewer. lbfgs takes all. */
  batchSize: 'auto' | number;
  /** Whether each epoch visits the rows in a new order; default true. */
  shuffle: boolean;
  /** Seed of initial weights, validation split and shuffling; default 0. */
  randomState: number;
  /** Whether fit() goes on from the parameters it finds; default false. */
  warmStart: boolean;
  /**
   * Whether to watch the score of rows that are not trained on instead of the loss, and to keep the best epoch's parameters;
   * default false. They are held out, unless `fit` is given `validationData`.
   */
  earlyStopping: boolean;
  /** The part of the rows held out for that; default 0.1. */
  validationFraction: number;
  /** Training ends when more epochs than this in a row brought no improvement by `tol`; Infinity: never. Default 10. */
  nIterNoChange: number;
  /** Averages of the parameters, as fit of a network takes them: the estimator then has those. Default: none. */
  averaging: AveragingName | AveragingOptions | undefined;
  /** The largest Euclidean norm of all gradients together; default: none. */
  clipNorm: number | undefined;
  /** The largest size of a single gradient; default: none. */
  clipValue: number | undefined;
  /** Of parameters and results; default: f32 if X holds Float32Array data, else f64. */
  dtype: Dtype | undefined;
  /** Where networks live; default: the engine of `bitgrad`. */
  engine: Engine | undefined;
  /** Whether fit() trains in a worker; default: where there are workers. */
  background: boolean | undefined;
  /** Starts the worker where this package cannot know how, as fit of a network takes it. */
  createWorker: (() => WorkerLike) | undefined;
}

/** Parameters of {@link MLPClassifier}. */
export interface ClassifierParameters extends MLPParameters {
  /**
   * What rows of a class weigh in the loss, by its label: classes that are not named weigh 1. `'balanced'`: rows / (classes * rows of
   * the class). Default: 1 each.
   */
  classWeight: 'balanced' | Readonly<Record<string, number>> | undefined;
  /** What is taken from each target and shared out among the classes, from 0 (default) to below 1. */
  labelSmoothing: number;
}

/** Parameters of {@link MLPRegressor}. */
export interface RegressorParameters extends MLPParameters, LossParameters {}

const DEFAULTS: Readonly<MLPParameters> = {
  hiddenLayerSizes: [100],
  activation: 'relu',
  solver: 'adam',
  alpha: 1e-4,
  batchSize: 'auto',
  learningRate: 'constant',
  learningRateInit: 1e-3,
  powerT: 0.5,
  maxIter: 200,
  shuffle: true,
  randomState: 0,
  tol: 1e-4,
  warmStart: false,
  momentum: 0.9,
  nesterovsMomentum: true,
  earlyStopping: false,
  validationFraction: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  nIterNoChange: 10,
  maxFun: 15000,
  dropout: 0,
  averaging: undefined,
  clipNorm: undefined,
  clipValue: undefined,
  dtype: undefined,
  engine: undefined,
  background: undefined,
  createWorker: undefined,
};

/** What belongs to this place, and is never written down. */
const OF_HERE = ['engine', 'createWorker'];

/** What is a classifier's alone. */
export const CLASS_DEFAULTS = { classWeight: undefined, labelSmoothing: 0 };
export const CLASSIFIER_DEFAULTS: Readonly<ClassifierParameters> = { ...DEFAULTS, ...CLASS_DEFAULTS };
export const REGRESSOR_DEFAULTS: Readonly<RegressorParameters> = { ...DEFAULTS, ...LOSS_DEFAULTS };

/** Units of each hidden layer. */
export function hiddenSizes({ hiddenLayerSizes }: Pick<MLPParameters, 'hiddenLayerSizes'>): readonly number[] {
  return typeof hiddenLayerSizes === 'number' ? [hiddenLayerSizes] : hiddenLayerSizes;
}

/** Those that are not the defaults, of which a file may tell. */
export function changedParameters<P extends MLPParameters>(parameters: Readonly<P>, defaults: Readonly<P>): Partial<P> {
  const changed = Object.entries(parameters).filter(([name, value]) => {
    const other = defaults[name as keyof P];
    return !OF_HERE.includes(name) && value !== other && String(value) !== String(other);
  });
  return Object.fromEntries(changed) as Partial<P>;
}

/** Those that can be written down. @throws {ValueError} of rates that are a function */
export function writable<P extends MLPParameters>({
  engine: _engine,
  createWorker: _createWorker,
  ...parameters
}: Readonly<P>): Omit<P, 'engine' | 'createWorker'> {
  if (typeof parameters.learningRate !== 'function') return parameters;
  throw new ValueError(
    '"learningRate" is a function, which cannot be written down: set it to another by setParams before, or use a schedule by name',
  );
}
