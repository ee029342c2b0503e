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
  refuseValue,
} from '../checks/values.js';
import type { Engine } from '../engine.js';
import { ACTIVATION_NAMES, ACTIVATIONS, type ActivationName } from '../layers/activations.js';
import { addMore } from '../layers/add-more.js';
import { checkDtype, type Dtype } from '../matrix/operand.js';

const SOLVERS = ['lbfgs', 'sgd', 'adam'] as const;
const LEARNING_RATES = ['constant', 'invscaling', 'adaptive'] as const;

export interface MLPParameters {
  /** Units of each hidden layer; a number is one layer. Default [100]. */
  hiddenLayerSizes: number | readonly number[];
  /** Of the hidden layers: any of a network's but softmax. Default `'relu'`. */
  activation: ActivationName;
  /** Default `'adam'`. */
  solver: 'lbfgs' | 'sgd' | 'adam';
  /** Of the L2 penalty, which is divided by a batch's rows; default 1e-4. */
  alpha: number;
  /** `'auto'` (default) is 200, or all rows if there are fewer. lbfgs takes all. */
  batchSize: 'auto' | number;
  /**
   * Of sgd: `'constant'` (default), `'invscaling'` (learningRateInit / (rows seen + 1)^powerT), `'adaptive'` (divided by 5
   * at each plateau until it is 1e-6 or less).
   */
  learningRate: 'constant' | 'invscaling' | 'adaptive';
  /** Of sgd and adam; default 1e-3. */
  learningRateInit: number;
  /** Of invscaling; default 0.5. */
  powerT: number;
  /** The most epochs, for lbfgs iterations; default 200. */
  maxIter: number;
  /** Whether each epoch visits the rows in a new order; default true. */
  shuffle: boolean;
  /** Seed of initial weights, validation split and shuffling; default 0. */
  randomState: number;
  /**
   * What the watched curve must improve by at least. Of lbfgs the greatest gradient that counts as 0; it also ends where neither
   * step nor loss changes by more than 1e-5 tol, at most 1e-9. Default 1e-4.
   */
  tol: number;
  /** Whether fit() goes on from the parameters it finds; default false. */
  warmStart: boolean;
  /** Of sgd, from 0 to below 1; default 0.9. */
  momentum: number;
  /** Of sgd; default true. */
  nesterovsMomentum: boolean;
  /** Whether to hold out rows, watch their score instead of the loss, and keep the best epoch's parameters; default false. */
  earlyStopping: boolean;
  /** The part of the rows held out for that; default 0.1. */
  validationFraction: number;
  /** Of adam; default 0.9. */
  beta1: number;
  /** Of adam; default 0.999. */
  beta2: number;
  /** Of adam; default 1e-8. */
  epsilon: number;
  /** Training ends when more epochs than this in a row brought no improvement by `tol`; Infinity: never. Default 10. */
  nIterNoChange: number;
  /** Of lbfgs: the most evaluations of the loss; default 15000. */
  maxFun: number;
  /** Of parameters and results; default: f32 if X holds Float32Array data, else f64. */
  dtype: Dtype | undefined;
  /** Where networks live; default: the engine of `bitgrad`. */
  engine: Engine | undefined;
  /** Whether fit() trains in a worker; default: where there are workers. */
  background: boolean | undefined;
}

export interface RegressorParameters extends MLPParameters {
  /** `'squaredError'` (default), or `'poisson'` for counts and rates: then the outputs are exp of the last layer's sums. */
  loss: 'squaredError' | 'poisson';
}

export const CLASSIFIER_DEFAULTS: Readonly<MLPParameters> = {
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
const AUTOMATIC = ['dtype', 'engine', 'background'];

export const REGRESSOR_DEFAULTS: Readonly<RegressorParameters> = { ...CLASSIFIER_DEFAULTS, loss: 'squaredError' };

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
  return ACTIVATION_NAMES.filter((name) => !ACTIVATIONS[name]?.last);
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

function checkParameterValues(p: RegressorParameters): void {
  checkSizes(p.hiddenLayerSizes);
  checkName(p.activation, hiddenActivations(), 'activation');
  checkName(p.solver, SOLVERS, 'solver');
  checkNumber(p.alpha, 'alpha', 0);
  if (p.batchSize !== 'auto') checkInteger(p.batchSize, 'batchSize', 1);
  checkName(p.learningRate, LEARNING_RATES, 'learningRate');
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
  if (p.dtype !== undefined) checkDtype(p.dtype);
  if (p.engine !== undefined) checkEngine(p.engine);
  if (p.background !== undefined) checkFlag(p.background, 'background');
  checkName(p.loss, ['squaredError', 'poisson'], 'loss');
}

/** Those that are not the defaults, but for the engine, which cannot be written down. */
export function changedParameters<P extends MLPParameters>(parameters: Readonly<P>, defaults: Readonly<P>): Partial<P> {
  const changed = Object.entries(parameters).filter(([name, value]) => {
    const other = defaults[name as keyof P];
    return name !== 'engine' && value !== other && String(value) !== String(other);
  });
  return Object.fromEntries(changed) as Partial<P>;
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
  const sizes: MLPParameters['hiddenLayerSizes'] = all.hiddenLayerSizes;
  const result = { ...all, hiddenLayerSizes: Array.isArray(sizes) ? Array.from(sizes) : sizes };
  checkParameterValues({ loss: 'squaredError', ...result });
  return result;
}
