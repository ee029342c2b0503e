// Kernels of the TypeScript backend that are made of functions: each for itself in each dtype, so that a model that was exported has those
// that it needs. The others scripts/portable.mjs takes one by one.

import { dense } from '../backend/ts/dense.js';
import {
  expKernel,
  expKernelF32,
  expm1Kernel,
  expm1KernelF32,
  powersOfTwo,
  sigmoidKernel,
  sigmoidKernelF32,
  tanhKernel,
  tanhKernelF32,
} from '../backend/ts/exp.js';
import type { Format, View } from '../backend/ts/format.js';
import { type Product, product, productF32 } from '../backend/ts/gemm.js';
import { logarithms, logarithmsF32 } from '../backend/ts/log.js';
import { normal, normalF32 } from '../backend/ts/normal.js';
import type { LayerKernels } from '../layers/activation.js';

/** Kernels over a memory. */
export type Kernels = (format: Format) => Partial<LayerKernels>;

export const exp_f64: Kernels = (format) => ({ exp: expKernel(format, powersOfTwo()) });
export const exp_f32: Kernels = (format) => ({ exp: expKernelF32(format, powersOfTwo()) });
export const expm1_f64: Kernels = (format) => ({ expm1: expm1Kernel(format, powersOfTwo()) });
export const expm1_f32: Kernels = (format) => ({ expm1: expm1KernelF32(format, powersOfTwo()) });
export const sigmoid_f64: Kernels = (format) => ({ sigmoid: sigmoidKernel(format, powersOfTwo()) });
export const sigmoid_f32: Kernels = (format) => ({ sigmoid: sigmoidKernelF32(format, powersOfTwo()) });
export const tanh_f64: Kernels = (format) => ({ tanh: tanhKernel(format, powersOfTwo()) });
export const tanh_f32: Kernels = (format) => ({ tanh: tanhKernelF32(format, powersOfTwo()) });
export const log_f64: Kernels = logarithms;
export const log_f32: Kernels = logarithmsF32;
export const gelu_exact_f64: Kernels = (format) => normal(format, powersOfTwo());
export const gelu_exact_f32: Kernels = (format) => normalF32(format, powersOfTwo());
export const dense_forward_f64: Kernels = (format) => dense(format, product as Product<View>);
export const dense_forward_f32: Kernels = (format) => dense(format, productF32 as Product<View>);
