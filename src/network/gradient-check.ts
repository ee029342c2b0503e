// Gradients against central differences.

import { readOptions } from '../checks/read-options.js';
import { checkPositive } from '../checks/values.js';
import { Matrix } from '../matrix/matrix.js';
import { isSparse, type RowsInput, type TypedArray } from '../matrix/operand.js';
import type { GradientOptions, GradientResult, LossOptions, Targets } from './calls.js';

export interface GradientCheckOptions extends LossOptions {
  /** The step to either side; default 1e-5. */
  epsilon?: number;
}

/** The greatest disagreement between a gradient and the difference quotient (loss(p + epsilon) - loss(p - epsilon)) / 2 epsilon. */
export interface GradientCheck {
  /** |gradient - difference| where it is greatest. */
  readonly absolute: number;
  /** |gradient - difference| / max(1, |gradient|, |difference|) where it is greatest. */
  readonly relative: number;
  /** Where `relative` is: in a layer's weights or biases, or the inputs; row, column, and the two numbers. */
  readonly at: {
    readonly what: 'weights' | 'biases' | 'inputs';
    /** -1 for the inputs. */
    readonly layer: number;
    readonly row: number;
    readonly col: number;
    readonly gradient: number;
    readonly difference: number;
  };
}

/** What is used of a network. */
interface Differentiable {
  readonly weights: readonly Matrix[];
  readonly biases: readonly (Matrix | undefined)[];
  loss(X: RowsInput, y: Targets, options: LossOptions): number;
  gradients(X: RowsInput, y: Targets, options: GradientOptions): GradientResult;
}

/**
 * Checks every parameter and every input.
 *
 * @param net whose gradients are checked
 * @param twin an f64 network with the same parameters: there the differences are taken, so that they measure the gradients'
 * error and not the rounding of the loss
 */
export function checkGradients(
  net: Differentiable,
  twin: Differentiable,
  X: RowsInput,
  y: Targets,
  options: GradientCheckOptions,
): GradientCheck {
  const known = ['epsilon', 'sampleWeight', 'l2', 'l1', 'penalty', 'rowsSeen'];
  const { epsilon = 1e-5, ...rest } = readOptions(options, known, 'checkGradients');
  checkPositive(epsilon, 'epsilon');
  const gradients = net.gradients(X, y, { ...rest, wrtInputs: true });
  const inputs = Matrix.from(isSparse(X) ? X.toDense() : X, { dtype: 'f64' });
  const loss = () => twin.loss(inputs, y, rest);
  let absolute = 0;
  let relative = -1;
  let at: GradientCheck['at'] | undefined;
  const compare = (what: GradientCheck['at']['what'], layer: number, values: () => TypedArray, gradient: Matrix) => {
    for (let i = 0; i < gradient.data.length; i++) {
      const before = values()[i];
      values()[i] = before + epsilon;
      const above = loss();
      values()[i] = before - epsilon;
      const below = loss();
      values()[i] = before;
      // The step as it was taken, after rounding.
      const difference = (above - below) / (before + epsilon - (before - epsilon));
      const g = gradient.data[i];
      // NaN, or an infinity, is as wrong as can be.
      const distance = Math.abs(g - difference);
      const error = Number.isFinite(distance) ? distance : Infinity;
      const scaled = error === Infinity ? Infinity : error / Math.max(1, Math.abs(g), Math.abs(difference));
      absolute = Math.max(absolute, error);
      if (scaled <= relative) continue;
      relative = scaled;
      at = { what, layer, row: Math.floor(i / gradient.cols), col: i % gradient.cols, gradient: g, difference };
    }
  };
  for (const layer of gradients.weights.keys()) {
    for (const what of ['weights', 'biases'] as const) {
      const gradient = gradients[what][layer];
      if (gradient) compare(what, layer, () => (twin[what][layer] as Matrix).data, gradient);
    }
  }
  compare('inputs', -1, () => inputs.data, gradients.inputs as Matrix);
  return { absolute, relative, at: at as GradientCheck['at'] };
}
