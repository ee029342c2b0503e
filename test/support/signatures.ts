// What the kernels that share a form of call take, so that one test serves them all.

import type { Backend } from '../../src/backend/backend.js';
import type { Dtype } from '../../src/kernels/contract.js';
import type { CoreKernels, DtypeKernels } from '../../src/kernels/core.js';
import type { TypedArray } from '../../src/matrix/operand.js';
import { arrayOf, runKernel } from './backends.js';

/** After the sizes: how many scalars, then the inputs, then the outputs, a letter for the shape of each. */
export type Signature = readonly [scalars: number, inputs: string, outputs: string];
type Signatures = Partial<Record<keyof CoreKernels, Signature>>;

/** Of n elements each; axpy's and axpy_sign's output is read too. */
export const ELEMENTWISE = {
  exp: [0, 'n', 'n'],
  expm1: [0, 'n', 'n'],
  log: [0, 'n', 'n'],
  log1p: [0, 'n', 'n'],
  sigmoid: [0, 'n', 'n'],
  sigmoid_derivative: [0, 'n', 'n'],
  tanh: [0, 'n', 'n'],
  output_delta: [0, 'nn', 'n'],
  hidden_delta: [0, 'nn', 'n'],
  axpy: [1, 'n', 'n'],
  axpy_sign: [1, 'n', 'n'],
  average: [1, 'n', 'n'],
  multiply: [0, 'nn', 'n'],
  relu: [0, 'n', 'n'],
  relu_delta: [0, 'nn', 'n'],
  leaky_relu: [1, 'n', 'n'],
  leaky_relu_delta: [1, 'nn', 'n'],
  elu: [1, 'nn', 'n'],
  elu_delta: [1, 'nn', 'n'],
  tanh_delta: [0, 'nn', 'n'],
  minus_abs: [0, 'n', 'n'],
  softplus: [0, 'nn', 'n'],
  gelu_argument: [0, 'n', 'n'],
  gelu_slope: [0, 'nnn', 'n'],
  silu_slope: [0, 'nn', 'n'],
  squared_loss: [1, 'nn', 'nn'],
  absolute_loss: [1, 'nn', 'nn'],
  huber_loss: [2, 'nn', 'nn'],
  logistic_loss: [0, 'nnnn', 'nn'],
  poisson_loss: [0, 'nnn', 'nn'],
  poisson_rate_loss: [0, 'nnn', 'nn'],
} as const satisfies Signatures;

/** A matrix of rows x cols (m) or a number for each row (v). */
export const ROWS = {
  row_sums: [1, 'm', 'v'],
  row_squares: [0, 'm', 'v'],
  row_shift: [0, 'm', 'm'],
  row_normalize: [0, 'm', 'mv'],
  scale_rows: [0, 'vm', 'm'],
  cross_entropy: [0, 'mmmv', 'mv'],
  softmax_delta: [0, 'mm', 'm'],
} as const satisfies Signatures;

/** Called with numbers, whatever they stand for. */
export type AnyKernel = (...numbers: number[]) => number | undefined;

/** A kernel's outputs, of those lengths; `first` are the sizes and scalars. */
export function apply(
  backend: Backend,
  dtype: Dtype,
  name: keyof CoreKernels,
  first: readonly number[],
  inputs: readonly ArrayLike<number>[],
  lengths: readonly number[],
): TypedArray[] {
  const outputs = lengths.map((length) => arrayOf(dtype, length).fill(7)); // must not matter
  const arrays = [...inputs.map((input) => arrayOf(dtype, input)), ...outputs];
  const call = (kernels: DtypeKernels, at: number[]) => (kernels[name] as AnyKernel)(...first, ...at);
  return runKernel(backend, dtype, arrays, 1, call).arrays.slice(inputs.length);
}

/** The same for an elementwise kernel on one element. */
export function applyToOne(
  backend: Backend,
  dtype: Dtype,
  name: keyof typeof ELEMENTWISE,
  x: readonly number[],
): number[] {
  const [scalars, , outputs]: Signature = ELEMENTWISE[name];
  const inputs = x.slice(scalars).map((value) => [value]);
  const results = apply(backend, dtype, name, [1, ...x.slice(0, scalars)], inputs, Array(outputs.length).fill(1));
  return results.map(([result]) => result);
}
