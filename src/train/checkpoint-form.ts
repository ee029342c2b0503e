// What a checkpoint of a training must look like: every field, before any of it is used.

import { FileFormatError } from '../checks/errors.js';
import { trainTestIndices } from '../data/splits.js';
import {
  type Check,
  checkForm,
  elements,
  integer,
  mismatch,
  nothing,
  number,
  numbers,
  oneOf,
  optional,
  record,
  table,
} from '../files/schema.js';
import { RandomState, type RandomStateJSON, random } from '../random/random.js';
import { averageState } from './loop/averaging.js';
import type { Curves, StopReason } from './loop/history.js';
import type { PlateauState } from './loop/plateau.js';
import { optionsOfSchedule } from './loop/schedules.js';
import type { TrainerState } from './loop/trainer.js';
import { type NetworkSize, stepState, vector } from './optimizers/forms.js';
import { hasOption, kindOf, lateOptions } from './optimizers/optimizers.js';
import type { FitPlan } from './options.js';

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

/** In a file, what iterations over the whole set depend on stands under the name of their optimizer. */
const stateName = ({ optimizer }: FitPlan, name: string): string => (name === 'iterations' ? optimizer.name : name);

/** A state as a file has it. */
export function filed(state: TrainerState, plan: FitPlan): object {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [stateName(plan, name), value]));
}

/**
 * A state that this training can go on with.
 *
 * @param rows of the set; undefined: data in blocks
 * @throws {FileFormatError} naming the field
 */
export function checkState(value: unknown, size: NetworkSize, plan: FitPlan, rows: number | undefined): TrainerState {
  const { optimizer, plateau, cutting, averaging } = plan;
  const epoch = checkEpoch(value);
  const kind = kindOf(optimizer);
  const fields: { [Name in keyof TrainerState]: Check<TrainerState[Name]> } = {
    epoch: integer(1),
    parameters: vector(size),
    optimizer: kind.whole ? nothing : stepState(size, kind.slots(optimizer)),
    iterations: kind.whole ? kind.form(size, optimizer) : nothing,
    random: randomState,
    order: rowOrder(rows, plan),
    samplesSeen: integer(0),
    cuts: integer(0, epoch),
    average: averaging ? averageState(size) : nothing,
    plateau: plateau ? plateauState(epoch) : nothing,
    cutting: cutting ? plateauState(epoch) : nothing,
    best: plateau?.restoreBest ? vector(size) : nothing,
    history: history(epoch, plan.validated),
  };
  const form = record<Record<string, unknown>>(
    Object.fromEntries(Object.entries(fields).map(([name, check]) => [stateName(plan, name), check])),
  );
  const read = checkForm(form, value, 'state', FileFormatError);
  return Object.fromEntries(Object.keys(fields).map((name) => [name, read[stateName(plan, name)]])) as never;
}

/** How many epochs a state has seen. @throws {FileFormatError} */
export function checkEpoch(state: unknown): number {
  const form: Check<number> = (value, path) => integer(1)(table((each) => each)(value, path).epoch, `${path}.epoch`);
  return checkForm(form, state, 'state', FileFormatError);
}

/**
 * As this version would write it: without what stands for options that an optimizer does not have, for files may name those of all,
 * as 0 or false; with those that it did not have then.
 */
function ownOptions({ name, ...options }: Record<string, unknown>): Record<string, unknown> {
  const own = Object.entries(options).filter(
    ([key, value]) => hasOption(name, key) || (value !== 0 && value !== false),
  );
  return { name, ...lateOptions(name), ...Object.fromEntries(own) };
}

/** Files may name the options of all schedules, at their defaults. */
function ownSchedule<T extends { name?: unknown }>({ name, rates, ...options }: T & { rates: number[] }) {
  const own = Object.entries(options).filter(([key]) => optionsOfSchedule(name).includes(key));
  return { name, rates, ...Object.fromEntries(own) };
}

/** What tells one training from another, which is compared with the plan's field by field: here only what is needed for that. */
export function checkTraining(value: unknown): {
  readonly schedule: { readonly name: unknown; readonly rates: readonly number[] };
} {
  const any = table((each) => each);
  const form: Check<ReturnType<typeof checkTraining>> = (given, path) => {
    const fields = any(given, path);
    const schedule = any(fields.schedule, `${path}.schedule`);
    return {
      ...fields,
      optimizer: ownOptions(any(fields.optimizer, `${path}.optimizer`)),
      schedule: ownSchedule({ ...schedule, rates: numbers()(schedule.rates, `${path}.schedule.rates`) }),
    };
  };
  return checkForm(form, value, 'training', FileFormatError);
}
