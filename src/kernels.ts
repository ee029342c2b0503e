/**
 * The kernels: what every backend implements, under the same names, with the same bits.
 *
 * The numeric contract
 *
 * 1. Every operation is IEEE-754 binary64 or binary32, rounded to nearest, ties to even. Nothing is fused, relaxed or
 *    reassociated beyond what stands here. In TypeScript an f32 operation is `Math.fround` of the f64 one, which is exact
 *    for + - * / (Figueroa 1995).
 * 2. Product. C[i,j] is one accumulator that starts at +0 and adds A[i,k] * B[k,j] for k ascending. So row i of a result
 *    depends on row i of A alone, whatever the batch.
 * 3. Sums over rows (of weight gradients and losses; nothing here sums so yet). Rows are cut into tiles of 256 in their
 *    order; within a tile one accumulator for each element, rows ascending; tiles combine by the canonical tree.
 * 4. Sums over vectors. Blocks of 4,096 elements; within a block 16 lanes, which start at +0, lane l adding the elements
 *    l, l + 16, ...; lanes combine l with l + 8, then l + 4, l + 2, l + 1; blocks combine by the canonical tree.
 *    The canonical tree over n leaves splits at the largest power of two below n.
 * 5. exp, expm1, log, log1p, sigmoid and tanh are ours: one algorithm and one table of constants (backend/constants.ts),
 *    exp, log and log1p within 1 ulp and the others within 2 ulp of the true value in both dtypes, subnormals included.
 * 6. NaN in gives NaN out, its payload unspecified; every other bit is fixed, the sign of zero too.
 *    sigmoid(+Infinity) = 1, sigmoid(-Infinity) = 0.
 *
 * A change that alters any bit raises CONTRACT_VERSION.
 *
 * Conventions for every kernel
 *
 * Addresses are bytes from the start of linear memory, multiples of the element size. Matrices are row-major, leading
 * dimensions count elements. A kernel reads its inputs and writes its output, nothing else: it allocates nothing, checks
 * nothing, and keeps nothing. An elementwise output may be one of the inputs; any other overlap is the caller's error.
 */
export const CONTRACT_VERSION = 1;

/** Elements in one block of a sum over a vector (contract rule 4). */
export const BLOCK = 4096;

/** m, n, k, A, lda, B, ldb, C, ldc, work: C (m x n) = op(A) (m x k) times op(B) (k x n). */
export type Gemm = (
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  c: number,
  ldc: number,
  work: number,
) => void;

/** The kernels of one dtype. `n` counts elements. */
export interface KernelSet {
  /** Sum of x[i] * y[i] over one block, n <= BLOCK. */
  dot(n: number, x: number, y: number): number;
  /** Sum of (x[i] - y[i])^2 over one block, n <= BLOCK. */
  squared_error(n: number, x: number, y: number): number;

  /** C = A B; `work` has gemm_work_bytes() bytes. */
  gemm_nn: Gemm;
  /** C = A B^T, B stored n x k. */
  gemm_nt: Gemm;
  /** C = A^T B, A stored k x m. */
  gemm_tn: Gemm;
  /** C = A^T B^T. */
  gemm_tt: Gemm;

  /** y = exp(x). */
  exp(n: number, x: number, y: number): void;
  /** y = 1 / (1 + exp(-x)). */
  sigmoid(n: number, x: number, y: number): void;
  /** y = exp(x) - 1. */
  expm1(n: number, x: number, y: number): void;
  /** y = tanh(x). */
  tanh(n: number, x: number, y: number): void;
  /** y = ln(x). */
  log(n: number, x: number, y: number): void;
  /** y = ln(1 + x). */
  log1p(n: number, x: number, y: number): void;
  /** y = s * (1 - s): the sigmoid's derivative from its output s. */
  sigmoid_derivative(n: number, s: number, y: number): void;
  /** d = (y - o) * (o * (1 - o)): target y, output o. */
  output_delta(n: number, y: number, o: number, d: number): void;
  /** d = e * (h * (1 - h)): error e arriving at the activation h. */
  hidden_delta(n: number, e: number, h: number, d: number): void;
  /** y = y + alpha * x. */
  axpy(n: number, alpha: number, x: number, y: number): void;
}

export type Dtype = 'f64' | 'f32';

/** Every kernel in both dtypes, the dtype last in its name. */
export type Kernels = {
  [Name in keyof KernelSet as `${Name}_${Dtype}`]: KernelSet[Name];
} & {
  /** Bytes of scratch memory that a gemm needs. */
  gemm_work_bytes(): number;
};

/** Linear memory as the kernels see it. Growing it replaces the views; older ones are detached. */
export interface Memory {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  /** Bytes in use by the host, a multiple of 64 KiB. */
  readonly byteLength: number;
  /** The first address that is free for the heap. */
  readonly base: number;
  /** Makes byteLength at least `bytes`; throws OutOfMemoryError and changes nothing if it cannot. */
  grow(bytes: number): void;
}

/** One implementation of the kernels with the memory they work on. */
export interface Backend {
  readonly name: 'wasm' | 'ts';
  readonly kernels: Kernels;
  readonly memory: Memory;
}

/** The kernels of one dtype under their plain names, and the bytes of an element. */
export type DtypeKernels = KernelSet & { readonly bytes: number };

export function kernelsOf(kernels: Kernels, dtype: Dtype): DtypeKernels {
  return {
    bytes: dtype === 'f64' ? 8 : 4,
    dot: kernels[`dot_${dtype}`],
    squared_error: kernels[`squared_error_${dtype}`],
    gemm_nn: kernels[`gemm_nn_${dtype}`],
    gemm_nt: kernels[`gemm_nt_${dtype}`],
    gemm_tn: kernels[`gemm_tn_${dtype}`],
    gemm_tt: kernels[`gemm_tt_${dtype}`],
    exp: kernels[`exp_${dtype}`],
    sigmoid: kernels[`sigmoid_${dtype}`],
    expm1: kernels[`expm1_${dtype}`],
    tanh: kernels[`tanh_${dtype}`],
    log: kernels[`log_${dtype}`],
    log1p: kernels[`log1p_${dtype}`],
    sigmoid_derivative: kernels[`sigmoid_derivative_${dtype}`],
    output_delta: kernels[`output_delta_${dtype}`],
    hidden_delta: kernels[`hidden_delta_${dtype}`],
    axpy: kernels[`axpy_${dtype}`],
  };
}

/** `WebAssembly.Module` where that type is known: it comes with DOM types, which programs for Node need not have. */
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** What may be handed in instead of the embedded module: `bitgrad/kernels.wasm`, compiled or as bytes. */
export type KernelModule = CompiledModule | ArrayBuffer | ArrayBufferView;
