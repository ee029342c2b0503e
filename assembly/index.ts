// The kernels that the WebAssembly module exports. What each promises stands in src/kernels.ts.

export * from './gemm';
export * from './exp';
export * from './log';
export * from './reduce';
export * from './elementwise';
export * from './dense';
export * from './losses';
export * from './rows';

/** The first address that no constant uses. */
export function heap_base(): usize {
  return __heap_base;
}
