/**
 * The kernels of training: steps of optimizers, the check of gradients, and the gathering of batches. They obey the contract of src/kernels.ts.
 *
 * `n` counts elements; g are gradients, p parameters, the others an optimizer's slots. Scalars, `1 - beta` among them, are
 * computed in f64 and then rounded to the dtype; expressions are evaluated as they are written, every operation rounded.
 * Plain gradient descent is the core's `axpy(n, -rate, g, p)`.
 */

import type { Dtype, Memory } from '../kernels/kernels.js';
import type { Session } from '../matrix/marshal.js';
import { createTrainingKernels } from './backend/ts.js';
import { instantiateTrainingKernels } from './backend/wasm.js';

export interface TrainingKernelSet {
  /** v = momentum * v - rate * g; p = p + v (scikit-learn). */
  momentum(n: number, rate: number, momentum: number, g: number, v: number, p: number): void;
  /** v = momentum * v - rate * g; p = p + (momentum * v - rate * g) (scikit-learn). */
  nesterov(n: number, rate: number, momentum: number, g: number, v: number, p: number): void;
  /** s = s + g * g; p = p - (rate * g) / (sqrt(s) + epsilon) (Duchi et al. 2011). */
  adagrad(n: number, rate: number, epsilon: number, g: number, s: number, p: number): void;
  /** v = rho * v + (1 - rho) * (g * g); p = p - (rate * g) / (sqrt(v) + epsilon) (Hinton's lecture 6e). */
  rmsprop(n: number, rate: number, rho: number, epsilon: number, g: number, v: number, p: number): void;
  /** v as in rmsprop; b = momentum * b + g / (sqrt(v) + epsilon); p = p - rate * b (PyTorch). */
  rmsprop_momentum(
    n: number,
    rate: number,
    rho: number,
    momentum: number,
    epsilon: number,
    g: number,
    v: number,
    b: number,
    p: number,
  ): void;
  /**
   * m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * (g * g); p = p - (rate * m) / (sqrt(v) + epsilon):
   * scikit-learn's form, whose rate holds the bias corrections (Kingma and Ba 2014, end of section 2).
   */
  adam(
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    g: number,
    m: number,
    v: number,
    p: number,
  ): void;
  /** m and v as in adam; p = keep * p - rate * (m / (sqrt(v) / root + epsilon)): PyTorch's form of Loshchilov and Hutter 2017. */
  adamw(
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    root: number,
    keep: number,
    g: number,
    m: number,
    v: number,
    p: number,
  ): void;
  /**
   * m and v as in adam; p = p - (current * g + next * m) / (sqrt(v) / root + epsilon): PyTorch's form of Dozat 2016, whose two
   * rates hold the momenta of this step and the next.
   */
  nadam(
    n: number,
    current: number,
    next: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    root: number,
    g: number,
    m: number,
    v: number,
    p: number,
  ): void;
  /**
   * p = keep * p - rate * sign(beta1 * m + (1 - beta1) * g), rate 0 or more; then m = beta2 * m + (1 - beta2) * g (Chen et al.
   * 2023). The sign of a zero is that zero, of NaN NaN.
   */
  lion(n: number, rate: number, beta1: number, beta2: number, keep: number, g: number, m: number, p: number): void;
  /** g within +-limit; NaN stays. */
  clip(n: number, limit: number, g: number): void;
  /** 1 if all of x are finite, else 0. */
  finite(n: number, x: number): number;
}

/** Every kernel in both dtypes, the dtype last in its name. */
export type TrainingKernels = {
  [Name in keyof TrainingKernelSet as `${Name}_${Dtype}`]: TrainingKernelSet[Name];
} & {
  /** y (rows rows of so many bytes) = the rows of x that the 32-bit indices name, in their order. */
  gather(rows: number, bytes: number, indices: number, x: number, y: number): void;
};

const made = new WeakMap<Memory, TrainingKernels>();

/**
 * The kernels over a session's memory: in WebAssembly where that memory is WebAssembly's and the host compiles them, else in
 * TypeScript, which works over any memory and gives the same bits.
 */
export function trainingKernels({ memory }: Session): TrainingKernels {
  const found = made.get(memory);
  if (found) return found;
  const kernels = (memory.wasm && instantiateTrainingKernels(memory.wasm)) ?? createTrainingKernels(memory);
  made.set(memory, kernels);
  return kernels;
}

/** Those of one dtype under their plain names. */
export function trainingKernelsOf(session: Session, dtype: Dtype): TrainingKernelSet {
  const named = Object.entries(trainingKernels(session)).filter(([name]) => name.endsWith(dtype));
  return Object.fromEntries(named.map(([name, kernel]) => [name.slice(0, -4), kernel])) as unknown as TrainingKernelSet;
}
