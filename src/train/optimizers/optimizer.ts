// An optimizer's contract: its file says this of it, and the rest of training knows no more. docs/training.md has the formulas.

import type { Readers } from '../../checks/readers.js';
import type { Check } from '../../files/schema.js';
import type { DtypeKernels } from '../../kernels/core.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { Layer } from '../../layers/layer.js';
import type { Parts } from '../../network/calls.js';
import type { Sliced } from '../../numbers/sliced.js';
import type { StopReason } from '../loop/history.js';
import type { NetworkSize } from './forms.js';

/** The options that all have. */
export interface Rate {
  /** What the schedule begins with. */
  learningRate?: number;
}

/** Checked, every default filled in: plain data. */
export type PlanOf<Options> = Readonly<Required<Options>>;

interface Described<Options> {
  /** Every option but the name. */
  readonly options: Readers<Omit<Options, 'name'>>;
  /** What options must be together. @throws {ValueError} */
  check?(plan: PlanOf<Options>): void;
}

/** Parameters that lie together and are treated alike. */
export interface Stretch {
  readonly n: number;
  /** Bytes from the first parameter, and so from the first number of any vector in their order. */
  readonly at: number;
  readonly decays: boolean;
  /** Of a matrix; 1 and n where several parameters are treated as one vector. */
  readonly rows: number;
  readonly cols: number;
}

/** What a step reads and writes. Addresses are those of the first number; all vectors are in the order of the parameters. */
export interface Steps {
  readonly core: DtypeKernels;
  readonly kernels: TrainingKernels;
  /** How many parameters there are. */
  readonly size: number;
  readonly parameters: number;
  readonly gradients: number;
  readonly slots: readonly number[];
  /** Of room for as many numbers as `room` says, which nobody keeps from step to step. */
  readonly scratch: number;
  /** Of what products work with. */
  readonly work: number;
  /** All parameters, in parts of which each is treated alike. */
  readonly stretches: readonly Stretch[];
  /** The learning rate of this step. */
  readonly rate: number;
  /** From 1. */
  readonly steps: number;
  /**
   * Two numbers that begin at 1 and are kept from step to step: powers, which steps multiply up, because Math.pow differs
   * between engines.
   */
  readonly powers: Float64Array;
}

/** An optimizer that takes a step after each batch. */
export interface Stepping<Options> extends Described<Options> {
  readonly whole: false;
  /** Whether a gradient of 0 leaves a parameter, and what is kept of it, as it is; default: it does not. */
  still?(plan: PlanOf<Options>): boolean;
  /** How many vectors it keeps. */
  slots(plan: PlanOf<Options>): number;
  /** What their numbers begin at, if not at 0. */
  initial?(plan: PlanOf<Options>): number;
  /** Whether it goes by matrices: then each parameter is a stretch of its own. */
  readonly matrices?: boolean;
  /** How many numbers it needs room for during a step. */
  room?(stretches: readonly Stretch[]): number;
  /** Multiply-adds of its products in a step, if it has some. */
  products?(layers: readonly Layer[]): number;
  /** Updates the parameters. It allocates nothing. */
  step(at: Steps, plan: PlanOf<Options>): void;
}

/** A minimisation over the whole set that is underway. */
export interface Iterations {
  /** The learning rate of the next iteration. */
  rate: number;
  /** At the parameters as they are after an iteration. */
  readonly loss: number;
  /** What a further iteration depends on, beside the parameters: copies, plain data, as `form` says. */
  read(): Sliced<object>;
  /** Goes on from there. */
  set state(state: object);
  /** One iteration, which is an epoch; why it was the last, if it was. */
  next(): Sliced<StopReason | undefined>;
  dispose(): void;
}

/** An optimizer that takes all rows at once: without batches, shuffling, and data in blocks. */
export interface Whole<Options> extends Described<Options> {
  readonly whole: true;
  /** How often so many epochs go over the rows, about. */
  passes(plan: PlanOf<Options>, epochs: number): number;
  /**
   * @param gradients their address
   * @param evaluate computes them, and the loss that it returns, at the parameters as they are
   */
  begin(parts: Parts, plan: PlanOf<Options>, gradients: number, evaluate: () => Sliced<number>): Iterations;
  /** What its state must look like. */
  form(size: NetworkSize, plan: PlanOf<Options>): Check<object>;
}

export type Kind<Options> = Stepping<Options> | Whole<Options>;
