// The parameters of MLPClassifier and MLPRegressor: scikit-learn's in camelCase, with its defaults.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import {
  checkFlag,
  checkInteger,
  checkName,
  checkNumber,
  checkPositive,
  checkSeed,
  isObject,
  isWeight,
  refuseValue,
} from '../checks/values.js';
import type { Engine } from '../engine.js';
import { ACTIVATION_NAMES, ACTIVATIONS, type ActivationName } from '../layers/activations.js';
import { addMore } from '../layers/add-more.js';
import { lineOf } from '../layers/kinds.js';
import { checkDtype, type Dtype } from '../matrix/operand.js';
import { checkSolver, type SolverParameters } from './solver.js';

export interface MLPParameters extends SolverParameters {
  /** Units of each hidden layer; a number is one layer. Default [100]. */
  hiddenLayerSizes: number | readonly number[];
  /** Of all hidden layers, or of each: any of a network's but softmax. Default `'relu'`. */
  activation: ActivationName | readonly ActivationName[];
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
  /** Of parameters and results; default: f32 if X holds Float32Array data, else f64. */
  dtype: Dtype | undefined;
  /** Where networks live; default: the engine of `bitgrad`. */
  engine: Engine | undefined;
  /** Whether fit() trains in a worker; default: where there are workers. */
  background: boolean | undefined;
}

export interface ClassifierParameters extends MLPParameters {
  /**
   * What rows of a class weigh in the loss, by its label: classes that are not named weigh 1. `'balanced'`: rows / (classes * rows of
   * the class). Default: 1 each.
   */
  classWeight: 'balanced' | Readonly<Record<string, number>> | undefined;
}

export interface RegressorParameters extends MLPParameters {
  /** `'squaredError'` (default), or `'poisson'` for counts and rates: then the outputs are exp of the last layer's sums. */
  loss: 'squaredError' | 'poisson';
}

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
  dtype: undefined,
  engine: undefined,
  background: undefined,
};

/** Those that may be undefined. */
const AUTOMATIC = ['dtype', 'engine', 'background', 'classWeight'];
/** Those whose values have parts. */
const COMPOSED = ['hiddenLayerSizes', 'activation', 'solver', 'learningRate', 'classWeight'];

export const CLASSIFIER_DEFAULTS: Readonly<ClassifierParameters> = { ...DEFAULTS, classWeight: undefined };
export const REGRESSOR_DEFAULTS: Readonly<RegressorParameters> = { ...DEFAULTS, loss: 'squaredError' };

/** Units of each hidden layer. */
export function hiddenSizes({ hiddenLayerSizes }: Pick<MLPParameters, 'hiddenLayerSizes'>): readonly number[] {
  return typeof hiddenLayerSizes === 'number' ? [hiddenLayerSizes] : hiddenLayerSizes;
}

/** @throws {ValueError} unless it has networks */
export function checkEngine(engine: unknown): void {
  if (typeof (engine as Engine | null)?.network === 'function') return;
  refuseValue('engine', 'an engine, as createEngine() returns it', engine);
}

/** All there are for hidden layers: what this entry brings along, too. */
function hiddenActivations(): readonly ActivationName[] {
  addMore();
  return ACTIVATION_NAMES.filter((name) => !lineOf(ACTIVATIONS, name).last);
}

function checkSizes(value: unknown): void {
  if (typeof value !== 'number' && !Array.isArray(value)) {
    refuseValue('hiddenLayerSizes', 'an integer or an array of integers', value);
  }
  const sizes: readonly unknown[] = Array.isArray(value) ? value : [value];
  sizes.forEach((size, i) => {
    checkInteger(size, Array.isArray(value) ? `hiddenLayerSizes[${i}]` : 'hiddenLayerSizes', 1);
  });
}

function checkActivations(p: MLPParameters): void {
  const known = hiddenActivations();
  const { activation } = p;
  if (!Array.isArray(activation)) {
    checkName(activation, known, 'activation');
    return;
  }
  const { length } = hiddenSizes(p);
  activation.forEach((name, i) => void checkName(name, known, `activation[${i}]`));
  if (activation.length === length) return;
  throw new ValueError(
    `"activation" has ${activation.length} names for ${length} hidden layers: give a name for each, or one for all`,
  );
}

function checkClassWeight(value: unknown): void {
  if (value === undefined || value === 'balanced') return;
  const weights = isObject(value) ? Object.entries(value) : [];
  if (weights.length === 0) refuseValue('classWeight', "'balanced' or an object { label: weight }", value);
  const wrong = weights.find(([, weight]) => !isWeight(weight));
  if (wrong) refuseValue('classWeight', 'finite numbers, 0 or more', wrong[1], `.${wrong[0].slice(0, 40)}`);
}

function checkParameterValues(p: RegressorParameters & ClassifierParameters): void {
  checkSizes(p.hiddenLayerSizes);
  checkActivations(p);
  checkNumber(p.alpha, 'alpha', 0);
  if (p.batchSize !== 'auto') checkInteger(p.batchSize, 'batchSize', 1);
  checkPositive(p.learningRateInit, 'learningRateInit');
  checkNumber(p.powerT, 'powerT', 0);
  checkInteger(p.maxIter, 'maxIter', 1);
  for (const name of ['shuffle', 'warmStart', 'nesterovsMomentum', 'earlyStopping'] as const) checkFlag(p[name], name);
  checkSeed(p.randomState, 'randomState');
  checkNumber(p.tol, 'tol', 0);
  checkNumber(p.momentum, 'momentum', 0, 1);
  checkNumber(p.validationFraction, 'validationFraction', 0, 1, true);
  checkNumber(p.beta1, 'beta1', 0, 1);
  checkNumber(p.beta2, 'beta2', 0, 1);
  checkPositive(p.epsilon, 'epsilon');
  if (p.nIterNoChange !== Infinity) checkInteger(p.nIterNoChange, 'nIterNoChange', 1);
  checkInteger(p.maxFun, 'maxFun', 1);
  checkSolver(p);
  checkClassWeight(p.classWeight);
  if (p.dtype !== undefined) checkDtype(p.dtype);
  if (p.engine !== undefined) checkEngine(p.engine);
  if (p.background !== undefined) checkFlag(p.background, 'background');
  checkName(p.loss, ['squaredError', 'poisson'], 'loss');
}

/** Those that are not the defaults, but for the engine. */
export function changedParameters<P extends MLPParameters>(parameters: Readonly<P>, defaults: Readonly<P>): Partial<P> {
  const changed = Object.entries(parameters).filter(([name, value]) => {
    const other = defaults[name as keyof P];
    return name !== 'engine' && value !== other && String(value) !== String(other);
  });
  return Object.fromEntries(changed) as Partial<P>;
}

/** Those that can be written down. @throws {ValueError} of rates that are a function */
export function writable<P extends MLPParameters>({ engine: _, ...parameters }: Readonly<P>): Omit<P, 'engine'> {
  if (typeof parameters.learningRate !== 'function') return parameters;
  throw new ValueError(
    '"learningRate" is a function, which cannot be written down: set it to another by setParams before, or use a schedule by name',
  );
}

/** Where `new MLPClassifier(...)` was given anything but an object with names. */
function checkParameters(given: unknown, name: string): void {
  if (isObject(given)) return;
  const sizes = [given].flat();
  const cure = sizes.length > 0 && sizes.every((size) => typeof size === 'number');
  throw new ValueError(
    `${name}: parameters must be an object, got ${describe(given)}` +
      (cure ? `; write { hiddenLayerSizes: [${sizes.slice(0, 5).join(', ')}${sizes.length > 5 ? ', ...' : ''}] }` : ''),
  );
}

/**
 * `given` over `before`, checked; what is undefined stays, unless undefined is a value of it.
 *
 * @throws {ValueError|DtypeError} naming the parameter; for an unknown one, listing those that are known
 */
export function readEstimatorParameters<P extends MLPParameters>(
  given: Partial<P>,
  before: Readonly<P>,
  name: string,
): P {
  checkParameters(given, name);
  const read = Object.entries(readOptions(given, Object.keys(before), name));
  const stated = read.filter(([key, value]) => value !== undefined || AUTOMATIC.includes(key));
  const all = { ...before, ...Object.fromEntries(stated) };
  for (const [key, value] of Object.entries(all)) {
    if (!COMPOSED.includes(key)) continue;
    if (Array.isArray(value)) all[key as keyof P] = Array.from(value) as P[keyof P];
    else if (isObject(value)) all[key as keyof P] = { ...value } as P[keyof P];
  }
  checkParameterValues({ loss: 'squaredError', classWeight: undefined, ...all });
  return all;
}
