// What the calls of a network take and return, and how training reaches its parts.

import { DisposedError, ValueError } from '../checks/errors.js';
import type { Session } from '../matrix/marshal.js';
import type { Matrix } from '../matrix/matrix.js';
import type { Dtype, MatrixInput, VectorInput } from '../matrix/operand.js';
import type { Block } from '../memory/block.js';
import type { Penalties } from './penalties.js';
import type { NetworkOptions, Plan } from './plan.js';

export interface LossOptions extends Penalties {
  /** One weight for each row, 0 or more: the mean then is a weighted mean. */
  sampleWeight?: VectorInput | MatrixInput;
  /**
   * That this is a step of a training, which has had so many rows before: dropout drops. Default: it is none. Only layers of
   * bitgrad/layers go by it.
   */
  rowsSeen?: number;
}

export interface GradientOptions extends LossOptions {
  /** Whether to return the gradients of the inputs as well; default false. */
  wrtInputs?: boolean;
}

/** Options of {@link TrainableNetwork.partialGradients}. */
export interface PartialOptions {
  /** Where these rows begin in the whole batch, a multiple of 256; default 0. */
  rowOffset?: number;
  /** One weight a row; default 1 each. */
  sampleWeight?: VectorInput | MatrixInput;
  /** As `gradients` takes it: of the whole batch. */
  rowsSeen?: number;
}

/** What {@link TrainableNetwork.gradients} returns. */
export interface GradientResult<D extends Dtype = Dtype> {
  /** The mean over rows, with penalties. */
  readonly loss: number;
  /** Of each layer, inputs x units. */
  readonly weights: Matrix<D>[];
  /** Of each layer, 1 x units; undefined where it has no biases. */
  readonly biases: (Matrix<D> | undefined)[];
  /** dLoss/dX, rows x inputs, if it was asked for. */
  readonly inputs?: Matrix<D>;
}

/** A matrix of rows x outputs; a vector where there is one output; for crossEntropy also one integer label for each row. */
export type Targets = MatrixInput | ArrayLike<number>;

/** Instead of options: what a network over the parameters of another is made of. */
export type Blank = Partial<Pick<Parts, 'plan' | 'block'>>;

/** What makes a network whose parameters are zeros, to be written: none are drawn. */
export const BLANK: Blank = {};

/** A network of these options whose parameters are zeros: drawing a million takes longer than reading them. @param Kind its class */
export function blankNetwork<N>(Kind: unknown, options: NetworkOptions): N {
  return new (Kind as new (options: NetworkOptions, blank: Blank) => N)(options, BLANK);
}

/** A network has under this key what training works on. */
export const PARTS: unique symbol = Symbol('parts');

/** Where a network lives, what it is, and its parameters in their order. */
export interface Parts {
  readonly session: Session;
  readonly plan: Plan;
  readonly block: Block;
  /** Whether it is being trained: then none but the training writes or frees its parameters. */
  busy?: boolean;
}

/** @param block of its parameters @throws {DisposedError} @internal */
export function checkAlive({ disposed }: Block): void {
  if (disposed) throw new DisposedError('this network was disposed');
}

/** @throws {ValueError} while a network is being trained @internal */
export function checkIdle({ busy }: Parts): void {
  if (busy) throw new ValueError('this network is being trained: await that, or abort it, first');
}
