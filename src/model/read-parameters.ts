// The parameters of MLPClassifier and MLPRegressor as they are given: checked, and copied.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import {
  checkFlag,
  checkFunction,
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
import { checkDtype } from '../matrix/operand.js';
import { readAveraging } from '../train/loop/averaging.js';
import {
  CLASS_DEFAULTS,
  CLASSIFIER_DEFAULTS,
  type ClassifierParameters,
  hiddenSizes,
  type MLPParameters,
  REGRESSOR_DEFAULTS,
  type RegressorParameters,
} from './estimator-options.js';
import { ESTIMATOR_FIT_OPTIONS } from './fit-options.js';
import { checkLoss, LOSS_DEFAULTS } from './regressor-losses.js';
import { checkSolver, solverName } from './solver.js';

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

/** One for all hidden layers, or one for each. */
function checkEach(p: MLPParameters, name: 'activation' | 'dropout', what: string, check: Check): void {
  const value = p[name];
  if (!Array.isArray(value)) {
    check(value, name);
    return;
  }
  const { length } = hiddenSizes(p);
  value.forEach((each, i) => void check(each, `${name}[${i}]`));
  if (value.length === length) return;
  throw new ValueError(
    `"${name}" has ${value.length} ${what}s for ${length} hidden layers: give a ${what} for each, or one for all`,
  );
}

type Check = (value: unknown, name: string) => unknown;

function checkClassWeight(value: unknown): void {
  if (value === undefined || value === 'balanced') return;
  const weights = isObject(value) ? Object.entries(value) : [];
  if (weights.length === 0) refuseValue('classWeight', "'balanced' or an object { label: weight }", value);
  const wrong = weights.find(([, weight]) => !isWeight(weight));
  if (wrong) refuseValue('classWeight', 'finite numbers, 0 or more', wrong[1], `.${wrong[0].slice(0, 40)}`);
}

/** What batches and epochs are needed for. */
const STEPPING = ['earlyStopping', 'learningRate', 'dropout', 'averaging', 'clipNorm', 'clipValue'] as const;

/** That nothing is stated which lbfgs would leave alone. */
function checkWholeSet(p: MLPParameters): void {
  if (solverName(p) !== 'lbfgs') return;
  const none: unknown[] = [undefined, false, 'constant', 0];
  const idle = STEPPING.find((name) => ([p[name]] as unknown[]).flat().some((value) => !none.includes(value)));
  if (idle === undefined) return;
  throw new ValueError(
    `"${idle}" is of no use with "solver" lbfgs, which takes all rows at once and ends where nothing improves`,
  );
}

/** @throws {ValueError|DtypeError} naming the parameter */
function checkParameterValues(p: RegressorParameters & ClassifierParameters): void {
  checkSizes(p.hiddenLayerSizes);
  const known = hiddenActivations();
  checkEach(p, 'activation', 'name', (value, name) => checkName(value, known, name));
  checkEach(p, 'dropout', 'rate', (value, name) => checkNumber(value, name, 0, 1));
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
  readAveraging(p.averaging);
  for (const name of ['clipNorm', 'clipValue'] as const) if (p[name] !== undefined) checkPositive(p[name], name);
  checkWholeSet(p);
  checkClassWeight(p.classWeight);
  checkNumber(p.labelSmoothing, 'labelSmoothing', 0, 1);
  if (p.dtype !== undefined) checkDtype(p.dtype);
  if (p.engine !== undefined) checkEngine(p.engine);
  if (p.background !== undefined) checkFlag(p.background, 'background');
  checkFunction(p.createWorker, 'createWorker');
  checkLoss(p);
}

/** Those whose values have parts. */
const COMPOSED = [
  'hiddenLayerSizes',
  'activation',
  'dropout',
  'solver',
  'learningRate',
  'averaging',
  'classWeight',
  'quantiles',
];
/** Those that may be undefined. */
const OPTIONAL = Object.entries({ ...CLASSIFIER_DEFAULTS, ...REGRESSOR_DEFAULTS })
  .filter(([, value]) => value === undefined)
  .map(([name]) => name);

/** What options of a network's fit are called here. */
const CALLED: Record<string, string> = {
  epochs: 'maxIter',
  optimizer: 'solver',
  schedule: 'learningRate',
  seed: 'randomState',
  l2: 'alpha',
  validationSplit: 'validationFraction, with earlyStopping',
};
/** Those that estimators do not have. */
const OF_NETWORKS = ['l1', 'penalty', 'metrics', 'callbacks', 'onBatch', 'signedWeights'];

/** Says where an option of fit belongs, if it is none of an estimator. */
function checkPlaces(given: object, known: readonly string[], name: string): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const refuse = (text: string) => {
      throw new ValueError(`${name}: unknown option "${key}"; it ${text}`);
    };
    if (Object.hasOwn(CALLED, key)) refuse(`is ${CALLED[key]} here`);
    if (ESTIMATOR_FIT_OPTIONS.includes(key)) refuse(`belongs to one fit: give it to fit(X, y, { ${key} })`);
    if (OF_NETWORKS.includes(key)) refuse("is of a network's own fit, whose options NetworkEstimator takes");
  }
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
  checkPlaces(given, Object.keys(before), name);
  const read = Object.entries(readOptions(given, Object.keys(before), name));
  const stated = read.filter(([key, value]) => value !== undefined || OPTIONAL.includes(key));
  const all = { ...before, ...Object.fromEntries(stated) };
  for (const [key, value] of Object.entries(all)) {
    if (!COMPOSED.includes(key)) continue;
    if (Array.isArray(value)) all[key as keyof P] = Array.from(value) as P[keyof P];
    else if (isObject(value)) all[key as keyof P] = { ...value } as P[keyof P];
  }
  checkParameterValues({ ...LOSS_DEFAULTS, ...CLASS_DEFAULTS, ...all });
  return all;
}
