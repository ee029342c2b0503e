// A schedule's contract: its file says this of it. docs/training.md has the formulas. Only + - * / and functions of our own:
// Math.pow and Math.cos differ between engines.

import { ValueError } from '../../checks/errors.js';
import type { Readers } from '../../checks/readers.js';
import { checkInteger } from '../../checks/values.js';
import type { PlanOf } from '../optimizers/optimizer.js';

/** Where training stands. */
export interface Moment {
  /** The learning rate that the schedule starts from. */
  initial: number;
  /** From 0. */
  epoch: number;
  /** Epochs in all. */
  epochs: number;
  /** How much of this epoch is done, from 0 to below 1. */
  part: number;
  /** Rows seen in all epochs that ended, of this and earlier trainings. */
  samplesSeen: number;
  /** How often a plateau has cut the rate. */
  cuts: number;
}

export interface ScheduleKind<Options> {
  /** Every option but the name. */
  readonly options: Readers<Omit<Options, 'name'>>;
  /** Whether the rate changes within an epoch. */
  readonly moves?: boolean;
  /** Whether every rate follows from the number of epochs: with another one it is another training from the start. */
  readonly spans?: boolean;
  /** Takes its numbers in objects, because V8 allocates for each that it hands to a function. */
  rate(moment: Moment, plan: PlanOf<Options>): number;
}

/** A number of epochs, which must be given. */
export function everyEpochs(value: unknown, name: string): number {
  if (value === undefined) throw new ValueError(`"${name}" must be given: a number of epochs`);
  return checkInteger(value, name, 1);
}
