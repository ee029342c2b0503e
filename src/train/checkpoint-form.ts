// What a checkpoint of a training must look like: every field, before any of it is used.

import { FileFormatError } from '../checks/errors.js';
import { trainTestIndices } from '../data/splits.js';
import {
  type Check,
  checkForm,
  elements,
  integer,
  list,
  mismatch,
  nothing,
  number,
  numbers,
  oneOf,
  optional,
  record,
  table,
} from '../files/schema.js';
import type { Dtype, TypedArray } from '../matrix/operand.js';
import { RandomState, type RandomStateJSON, random } from '../random/random.js';
import type { Curves, StopReason } from './loop/history.js';
import type { PlateauState } from './loop/plateau.js';
import type { TrainerState } from './loop/trainer.js';
import type { LbfgsState } from './optimizers/lbfgs.js';
import { type OptimizerPlan, type OptimizerState, slotsOf } from './optimizers/optimizers.js';
import type { FitPlan } from './options.js';

/** A network's numbers. */
export interface Size {
  readonly parameters: number;
  readonly dtype: Dtype;
}

const ARRAYS = { f64: 'Float64Array', f32: 'Float32Array' } as const;

/** One number for each parameter. */
const vector = ({ parameters, dtype }: Size): Check<TypedArray> => elements(ARRAYS[dtype], parameters);

/** A state that a generator can take up. */
export const randomState: Check<RandomStateJSON> = (value, path) => {
  const form = record<RandomStateJSON>({ key: numbers(), position: number, gauss: optional(number) })(value, path);
  try {
    new RandomState(0).state = form;
  } catch (error) {
    return mismatch(path, `is no state of a generator: ${(error as Error).message}`);
  }
  return form;
};

const atMost =
  <T>(check: Check<T>, length: number): Check<T[]> =>
  (value, path) => {
    const checked = list(check)(value, path);
    return checked.length > length ? mismatch(path, `must have at most ${length} elements`) : checked;
  };

/** Of numbers from 0 to 1. */
const powers: Check<readonly [number, number]> = (value, path) => {
  const [a, b] = numbers(2, 2)(value, path);
  return a >= 0 && a <= 1 && b >= 0 && b <= 1 ? [a, b] : mismatch(path, `must be from 0 to 1, got ${a} and ${b}`);
};

/** @param slots vectors that it keeps; undefined: however many any optimizer keeps */
export const optimizerState = (size: Size, slots?: number): Check<OptimizerState> =>
  record<OptimizerState>({
    steps: integer(0),
    powers,
    slots: slots === undefined ? atMost(vector(size), 2) : list(vector(size), slots),
  });

export const plateauState = (epochs: number): Check<PlateauState> =>
  record<PlateauState>({ waited: integer(0, epochs), best: number, bestEpoch: integer(0, epochs) });

export const stopReason: Check<StopReason> = oneOf(
  'epochs',
  'earlyStopping',
  'callback',
  'learningRate',
  'functionCalls',
  'converged',
);

function lbfgsState(size: Size, { memory }: OptimizerPlan): Check<LbfgsState> {
  const form = record<LbfgsState>({
    iterations: integer(0),
    functionCalls: integer(1),
    step: number,
    scale: number,
    rho: numbers(0, memory),
    direction: vector(size),
    previous: vector(size),
    differences: atMost(vector(size), memory),
    steps: atMost(vector(size), memory),
  });
  return (value, path) => {
    const state = form(value, path);
    const { rho, differences, steps } = state;
    if (rho.length === differences.length && rho.length === steps.length) return state;
    return mismatch(path, `keeps ${rho.length} rho, ${differences.length} differences and ${steps.length} steps`);
  };
}

/** Different numbers of rows, as many as are trained on. @param rows of the set; undefined: data in blocks, of any number */
function rowOrder(rows: number | undefined, { validationSplit }: FitPlan): Check<Int32Array> {
  const kept =
    rows !== undefined && validationSplit > 0
      ? trainTestIndices(rows, { testSize: validationSplit }, random(0)).train.length
      : rows;
  return (value, path) => {
    const order = elements<Int32Array>('Int32Array', kept)(value, path);
    const limit = rows ?? order.length;
    const seen = new Uint8Array(limit);
    for (let i = 0; i < order.length; i++) {
      const row = order[i];
      if (row < 0 || row >= limit) mismatch(`${path}[${i}]`, `is ${row}, no row of ${limit}`);
      if (seen[row]) mismatch(`${path}[${i}]`, `is ${row}, which stands there twice`);
      seen[row] = 1;
    }
    return order;
  };
}

/** Curves of one length; the same as the epochs', unless only some epochs are in them. */
const history = (epoch: number, validated: boolean): Check<Curves> => {
  const curve = numbers(0, epoch);
  const form = record<Curves>({
    loss: numbers(1, epoch),
    validationLoss: curve,
    metrics: table(curve),
    learningRate: curve,
    seconds: curve,
    totalSeconds: number,
    every: integer(1),
    epochs: integer(epoch, epoch),
    stopReason,
    bestEpoch: integer(0, epoch),
    best: number,
  });
  return (value, path) => {
    const checked = form(value, path);
    const { loss, validationLoss, metrics, learningRate, seconds, every } = checked;
    if (every === 1 && loss.length !== epoch)
      mismatch(`${path}.loss`, `has ${loss.length} elements for ${epoch} epochs`);
    const curves = [...Object.entries(metrics), ['learningRate', learningRate], ['seconds', seconds]] as [
      string,
      number[],
    ][];
    if (validated) curves.push(['validationLoss', validationLoss]);
    else if (validationLoss.length > 0) mismatch(`${path}.validationLoss`, 'has elements without a validation set');
    const wrong = curves.find(([, { length }]) => length !== loss.length);
    if (wrong) mismatch(`${path}.${wrong[0].slice(0, 40)}`, `has ${wrong[1].length} elements, the loss ${loss.length}`);
    return checked;
  };
};

/**
 * A state that this training can go on with.
 *
 * @param rows of the set; undefined: data in blocks
 * @throws {FileFormatError} naming the field
 */
export function checkState(value: unknown, size: Size, plan: FitPlan, rows: number | undefined): TrainerState {
  const { optimizer, plateau } = plan;
  const epoch = checkEpoch(value);
  const isLbfgs = optimizer.name === 'lbfgs';
  const form = record<TrainerState>({
    epoch: integer(1),
    parameters: vector(size),
    optimizer: isLbfgs ? nothing : optimizerState(size, slotsOf(optimizer)),
    lbfgs: isLbfgs ? optional(lbfgsState(size, optimizer)) : nothing,
    random: randomState,
    order: rowOrder(rows, plan),
    samplesSeen: integer(0),
    cuts: integer(0, epoch),
    plateau: plateau ? plateauState(epoch) : nothing,
    best: plateau?.restoreBest ? vector(size) : nothing,
    history: history(epoch, plan.validated),
  });
  return checkForm(form, value, 'state', FileFormatError);
}

/** How many epochs a state has seen. @throws {FileFormatError} */
export function checkEpoch(state: unknown): number {
  const form: Check<number> = (value, path) => integer(1)(table((each) => each)(value, path).epoch, `${path}.epoch`);
  return checkForm(form, state, 'state', FileFormatError);
}

/** What tells one training from another, which is compared with the plan's field by field: here only what is needed for that. */
export function checkTraining(value: unknown): { readonly schedule: { readonly rates: readonly number[] } } {
  const any = table((each) => each);
  const form: Check<{ schedule: { rates: number[] } }> = (given, path) => {
    const fields = any(given, path);
    const schedule = any(fields.schedule, `${path}.schedule`);
    return { ...fields, schedule: { ...schedule, rates: numbers()(schedule.rates, `${path}.schedule.rates`) } };
  };
  return checkForm(form, value, 'training', FileFormatError);
}
