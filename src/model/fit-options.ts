// From an estimator's parameters to a network's options and a training's.

import { ShapeError, ValueError } from '../checks/errors.js';
import type { AbortSignalLike } from '../host/abort-signal.js';
import type { ActivationName } from '../layers/activations.js';
import type { DenseOptions } from '../layers/dense.js';
import type { DropoutOptions } from '../layers/dropout.js';
import type { Dtype, MatrixInput, VectorInput } from '../matrix/operand.js';
import type { Network } from '../network/network.js';
import { type NetworkOptions, optionsOf, readPlan } from '../network/plan.js';
import type { EpochReport } from '../train/loop/history.js';
import { Plateau, type PlateauState } from '../train/loop/plateau.js';
import { optionsOfSchedule } from '../train/loop/schedules.js';
import { type CheckpointOptions, type FitOptions, validationName } from '../train/options.js';
import { hiddenSizes, type MLPParameters } from './estimator-options.js';
import { optimizerOf, scheduleOf, solverName } from './solver.js';
import type { End } from './task.js';
import type { ValidationSet } from './validation.js';

/** What an estimator's fit may be given beside rows and targets. */
export interface EstimatorFitOptions {
  /** One weight for each row, 0 or more. */
  sampleWeight?: VectorInput | MatrixInput;
  /** Stops within one batch: the promise rejects with its reason, the estimator keeps the last finished epoch. */
  signal?: AbortSignalLike;
  /** After each epoch; returning false stops. */
  onEpoch?: (report: EpochReport) => unknown;
  /**
   * Rows that are not trained on: `validationLoss` has their loss after each epoch, and earlyStopping watches their score, and holds
   * out none.
   */
  validationData?: ValidationSet;
  /** Where to keep the training, so that it can be resumed: as fit of a network takes it. */
  checkpoint?: CheckpointOptions;
}

/** Their names. */
export const ESTIMATOR_FIT_OPTIONS = ['sampleWeight', 'signal', 'onEpoch', 'validationData', 'checkpoint'];

/** The same once they were read, with what the targets ask for. */
export type ReadFitOptions = Omit<EstimatorFitOptions, 'validationData'> &
  Pick<FitOptions, 'validationData' | 'classWeight'>;

/** adaptive ends where the rate is no more than this, and divides by that, as scikit-learn has it. */
const LEAST_RATE = 1e-6;
const CUT = 5;

export type Score = 'accuracy' | 'r2' | 'loss';

/** Of hidden layer i. */
const each = <T>(value: T | readonly T[], i: number): T => (Array.isArray(value) ? value[i] : (value as T));

export function networkOptions(p: MLPParameters, inputs: number, end: End, dtype: Dtype): NetworkOptions {
  const { outputs, activation, loss, lossOptions } = end;
  const hidden = hiddenSizes(p).flatMap((units, i) => {
    const layer = { units, activation: each<ActivationName>(p.activation, i) };
    const rate = each<number>(p.dropout, i);
    return rate > 0 ? [layer, { kind: 'dropout' as const, rate }] : [layer];
  });
  return {
    inputs,
    layers: [...hidden, { units: outputs, activation }],
    loss,
    ...lossOptions,
    initializer: 'scikitLearn',
    dtype,
    seed: p.randomState,
  };
}

function lossText({ loss, quantiles, huberDelta, labelSmoothing }: NetworkOptions): string {
  const smoothing = labelSmoothing && `labelSmoothing ${labelSmoothing}`;
  const own = { pinball: quantiles, huber: huberDelta, crossEntropy: smoothing, binaryCrossEntropy: smoothing };
  return [loss, own[loss as keyof typeof own]].filter(Boolean).join(' ');
}

/** What must not change, of options as a network states them. */
function form(options: NetworkOptions): string {
  const layers = options.layers as readonly (DenseOptions | DropoutOptions)[];
  const sizes = layers.map((layer) => (layer.kind === 'dropout' ? `dropout ${layer.rate}` : layer.units));
  const all = layers.flatMap((layer) => (layer.kind === 'dropout' ? [] : [layer.activation]));
  const hidden = new Set(all.slice(0, -1));
  const activations = hidden.size > 1 ? all : [...hidden.add(all[all.length - 1])];
  return `${[options.inputs, ...sizes].join('-')} ${activations.join('/')} ${lossText(options)} ${options.dtype}`;
}

/** A network that goes on learning must have the form that parameters and data ask for. @throws {ShapeError|ValueError} */
export function checkUnchanged(net: Network, wanted: NetworkOptions): void {
  if (net.inputs !== wanted.inputs) {
    throw new ShapeError(`"X" has ${wanted.inputs} columns, but the network to go on with has ${net.inputs} inputs`);
  }
  const [is, asked] = [form(net.options), form(optionsOf(readPlan(wanted, net.dtype)))];
  if (is === asked) return;
  throw new ValueError(`the network to go on with is ${is}, but parameters and data ask for ${asked}`);
}

/** A network that was read must end as its labels, or the regressor's loss, have it. @throws {ValueError} */
export function checkEnd({ options, outputs }: Network, ends: readonly End[]): void {
  const { loss, layers } = options;
  const { activation } = layers[layers.length - 1] as DenseOptions;
  const sigmoid = (name?: string) => (name === 'sigmoid' ? 'logistic' : name);
  const fits = (end: End) => outputs === end.outputs && loss === end.loss && sigmoid(activation) === end.activation;
  if (ends.some(fits)) return;
  const [end] = ends;
  throw new ValueError(
    `the network ends in ${outputs} ${activation} with ${loss}, but this estimator in ` +
      `${end.outputs} ${end.activation} with ${end.loss}`,
  );
}

function plateauOf({ nIterNoChange, tol }: MLPParameters) {
  // scikit-learn stops when the count exceeds nIterNoChange, ours when it reaches patience.
  const patience = nIterNoChange === Infinity ? Number.MAX_SAFE_INTEGER : nIterNoChange + 1;
  return { monitor: 'loss', patience, minDelta: tol, restoreBest: false };
}

/** What a schedule watches is the training loss unless another curve is named: rows to be judged by change nothing of a training. */
function watchingLoss(schedule: FitOptions['schedule']): FitOptions['schedule'] {
  const named = typeof schedule === 'string' ? { name: schedule } : schedule;
  if (typeof named !== 'object' || !optionsOfSchedule(named.name).includes('monitor')) return schedule;
  return { monitor: 'loss', ...named } as FitOptions['schedule'];
}

/** Of a whole training. */
export function fitOptions(p: MLPParameters, score: Score, given: ReadFitOptions): FitOptions {
  const options: FitOptions = {
    ...given,
    epochs: p.maxIter,
    optimizer: optimizerOf(p),
    shuffle: p.shuffle,
    seed: p.randomState,
    l2: p.alpha,
    penalty: 'scikitLearn',
    background: p.background,
    createWorker: p.createWorker,
  };
  if (solverName(p) === 'lbfgs') return options;
  if (p.batchSize !== 'auto') options.batchSize = p.batchSize;
  options.schedule = watchingLoss(scheduleOf(p));
  options.earlyStopping = plateauOf(p);
  options.averaging = p.averaging;
  options.clipNorm = p.clipNorm;
  options.clipValue = p.clipValue;
  if (!p.earlyStopping) return options;
  if (!given.validationData) options.validationSplit = p.validationFraction;
  if (score !== 'loss') options.metrics = [score];
  options.earlyStopping = { ...plateauOf(p), monitor: validationName(score), restoreBest: true };
  return options;
}

/** Whether its rate goes by a plateau. */
export const isAdaptive = (p: MLPParameters) => scheduleOf(p) === 'adaptive';

function rateAfter(cuts: number, { learningRateInit }: MLPParameters): number {
  let rate = learningRateInit;
  for (let i = 0; i < cuts; i++) rate /= CUT;
  return rate;
}

/** Of one epoch, in the foreground. @param cuts how often an adaptive rate was divided */
export function epochOptions(p: MLPParameters, score: Score, given: ReadFitOptions, cuts: number): FitOptions {
  const options = { ...fitOptions(p, score, given), epochs: 1, background: false, earlyStopping: false };
  return isAdaptive(p) ? { ...options, schedule: () => rateAfter(cuts, p) } : options;
}

/** What an adaptive rate knows of the epochs before. */
export interface Adaptation {
  readonly cuts: number;
  readonly plateau: PlateauState | undefined;
}

/** The same after one more epoch, with this loss; a training of single epochs has none to watch it. */
export function adapt(
  p: MLPParameters,
  { cuts, plateau: before }: Adaptation,
  loss: number,
  epoch: number,
): Adaptation {
  if (!isAdaptive(p)) return { cuts, plateau: before };
  const plateau = new Plateau(plateauOf(p));
  if (before) plateau.state = { ...before };
  plateau.add(loss, epoch);
  const cut = plateau.reached && rateAfter(cuts, p) > LEAST_RATE;
  if (plateau.reached) plateau.state.waited = 0;
  return { cuts: cut ? cuts + 1 : cuts, plateau: plateau.state };
}
