// The families of the core, and what its module says about itself. Which kernels it exports says src/kernels/core.ts; each
// is generic, and inlined where the compiler would not do so by itself: only the products, which dense.ts uses too, are called.

import { WORK_BYTES } from './gemm';

export * from './gemm';
export * from './exp';
export * from './log';
export * from './reduce';
export * from './elementwise';
export * from './dense';
export * from './losses';
export * from './rows';

/** Bytes of scratch memory that the products need. */
export function work_bytes(): usize {
  return WORK_BYTES;
}
