// Kernels of the TypeScript backend that are written once for each dtype, so that a model that was exported has those of its own. The others,
// and exp and its kin, scripts/portable.mjs takes one by one.

import { dense } from '../backend/ts/dense.js';
import { powersOfTwo } from '../backend/ts/exp.js';
import type { Format, View } from '../backend/ts/format.js';
import { type Product, product, productF32 } from '../backend/ts/gemm.js';
import { logarithms, logarithmsF32 } from '../backend/ts/log.js';
import { normal, normalF32 } from '../backend/ts/normal.js';
import type { LayerKernels } from '../layers/activation.js';

/** Kernels over a memory. */
export type Kernels = (format: Format) => Partial<LayerKernels>;

export const log_f64: Kernels = logarithms;
export const log_f32: Kernels = logarithmsF32;
export const gelu_exact_f64: Kernels = (format) => normal(format, powersOfTwo());
export const gelu_exact_f32: Kernels = (format) => normalF32(format, powersOfTwo());
export const dense_forward_f64: Kernels = (format) => dense(format, product as Product<View>);
export const dense_forward_f32: Kernels = (format) => dense(format, productF32 as Product<View>);
