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
 * 3. Sums over rows (of weight and bias gradients and of losses). Rows are cut into tiles of 256 in their order; within a
 *    tile one accumulator for each element, which starts at +0, rows ascending; tiles combine by the canonical tree.
 *    Sums along a row (of a row's loss, of softmax) are one accumulator from +0, columns ascending.
 * 4. Sums over vectors. Blocks of 4,096 elements; within a block 16 lanes, which start at +0, lane l adding the elements
 *    l, l + 16, ...; lanes combine l with l + 8, then l + 4, l + 2, l + 1; blocks combine by the canonical tree.
 *    The canonical tree over n leaves splits at the largest power of two below n.
 * 5. exp, expm1, log, log1p, sigmoid and tanh are ours: one algorithm and one table of constants (backend/constants.ts),
 *    exp, log and log1p within 1 ulp and the others within 2 ulp of the true value in both dtypes, subnormals included.
 * 6. NaN in gives NaN out, its payload unspecified, but where a formula selects; every other bit is fixed, the sign of zero
 *    too.
 *    sigmoid(+Infinity) = 1, sigmoid(-Infinity) = 0.
 *
 * A change that alters any bit raises CONTRACT_VERSION.
 *
 * Conventions for every kernel
 *
 * Addresses are bytes from the start of linear memory, multiples of the element size. Matrices are row-major, leading
 * dimensions count elements. A kernel reads its inputs and writes its outputs, nothing else: it allocates nothing, checks
 * nothing, and keeps nothing. It may load, and ignore, up to SLACK bytes behind an input. An elementwise output may be one of the inputs; any other overlap is the caller's error.
 */
export const CONTRACT_VERSION = 2;

/** Elements in one block of a sum over a vector (contract rule 4). */
export const BLOCK = 4096;

/** Bytes of linear memory that must lie behind every operand. */
export const SLACK = 128;

/** Rows in one tile of a sum over rows (contract rule 3). */
export const TILE = 256;

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

/**
 * The kernels of one dtype. `n` counts elements; scalars (alpha, c, delta, factor) are rounded to the dtype first. Expressions are
 * evaluated as they are written, every operation rounded; `z > 0 ? a : b` selects bits.
 */
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
  /** y = y + alpha sign(x): y - alpha where x < 0, y + alpha where x > 0, else y. */
  axpy_sign(n: number, alpha: number, x: number, y: number): void;
  /** y = x * (1 / total), the reciprocal taken in f64 and then rounded to the dtype. Returns 1 if all of y are finite, else 0. */
  average(n: number, total: number, x: number, y: number): number;
  /** p = x * y. */
  multiply(n: number, x: number, y: number, p: number): void;

  // A dense layer over a row tile; matrices without gaps, `work` as for gemm.

  /** z (rows x units) = x (rows x inputs) w (inputs x units), then + b for each row unless the address b is 0. */
  dense_forward(
    rows: number,
    inputs: number,
    units: number,
    x: number,
    w: number,
    b: number,
    z: number,
    work: number,
  ): void;
  /** dw (inputs x units) = x^T d, db = the column sums of d (rule 3, one tile) unless the address db is 0. */
  dense_backward(
    rows: number,
    inputs: number,
    units: number,
    x: number,
    d: number,
    dw: number,
    db: number,
    work: number,
  ): void;
  /** e (rows x inputs) = d (rows x units) w^T. */
  dense_input(rows: number, inputs: number, units: number, d: number, w: number, e: number, work: number): void;

  // Activations h of z, and d = e * h'(z) from the error e that arrives at h.

  /** h = z <= 0 ? 0 : z. */
  relu(n: number, z: number, h: number): void;
  /** d = h <= 0 ? 0 : e. */
  relu_delta(n: number, e: number, h: number, d: number): void;
  /** h = z <= 0 ? alpha * z : z. */
  leaky_relu(n: number, alpha: number, z: number, h: number): void;
  /** d = h <= 0 ? alpha * e : e. */
  leaky_relu_delta(n: number, alpha: number, e: number, h: number, d: number): void;
  /** h = z <= 0 ? alpha * t : z, where t = expm1(z). */
  elu(n: number, alpha: number, z: number, t: number, h: number): void;
  /** d = h <= 0 ? e * (h + alpha) : e. */
  elu_delta(n: number, alpha: number, e: number, h: number, d: number): void;
  /** d = e * (1 - h * h). */
  tanh_delta(n: number, e: number, h: number, d: number): void;
  /** t = -|z|. */
  minus_abs(n: number, z: number, t: number): void;
  /** h = (z <= 0 ? 0 : z) + t, where t = log1p(exp(-|z|)). */
  softplus(n: number, z: number, t: number, h: number): void;
  /** v = c * (GELU_LINEAR + GELU_CUBIC * (c * c)), c = z within +-GELU_MAX; gelu(z) = z sigmoid(v). */
  gelu_argument(n: number, z: number, v: number): void;
  /** s = g + (h * (1 - g)) * (GELU_LINEAR + GELU_SLOPE * (c * c)): gelu's slope, g = sigmoid(v), h = z * g, c as above. */
  gelu_slope(n: number, z: number, g: number, h: number, s: number): void;
  /** s = g + h * (1 - g): silu's slope, g = sigmoid(z), h = z * g. */
  silu_slope(n: number, g: number, h: number, s: number): void;

  // Losses: from target y and output o each element's loss t and its derivative d.

  /** r = o - y: t = r * r, d = c * r. */
  squared_loss(n: number, c: number, y: number, o: number, d: number, t: number): void;
  /** r = o - y: t = |r|, d = -c where r < 0, c where r > 0, else r. */
  absolute_loss(n: number, c: number, y: number, o: number, d: number, t: number): void;
  /** r = o - y: t = |r| <= delta ? (0.5 * r) * r : delta * (|r| - 0.5 * delta), d = c * (r within +-delta). */
  huber_loss(n: number, delta: number, c: number, y: number, o: number, d: number, t: number): void;
  /** t = ((z <= 0 ? 0 : z) - y * z) + s, d = o - y: logits z, o = sigmoid(z), s = log1p(exp(-|z|)). */
  logistic_loss(n: number, y: number, z: number, o: number, s: number, d: number, t: number): void;
  /** t = o - (y == 0 ? 0 : y * z), d = o - y: log rates z, o = exp(z); d is the derivative with respect to z. */
  poisson_loss(n: number, y: number, z: number, o: number, d: number, t: number): void;
  /** t = o - (y == 0 ? 0 : y * z), d = 1 - (y == 0 ? 0 : y / o): z = log(o); d is the derivative with respect to o. */
  poisson_rate_loss(n: number, y: number, z: number, o: number, d: number, t: number): void;

  // Row by row; matrices of rows x cols without gaps. An output may be the input of its shape.

  /** s[i] = factor * (sum of x[i,j] over j). */
  row_sums(rows: number, cols: number, factor: number, x: number, s: number): void;
  /** s[i] = the sum of x[i,j] * x[i,j] over j. */
  row_squares(rows: number, cols: number, x: number, s: number): void;
  /** y[i,j] = x[i,j] - the row's greatest number, the first of equals (NaN is none; -Infinity if there is none). */
  row_shift(rows: number, cols: number, x: number, y: number): void;
  /** s[i] = the sum of x[i,j] over j; y[i,j] = x[i,j] / s[i]. */
  row_normalize(rows: number, cols: number, x: number, y: number, s: number): void;
  /** y[i,j] = w[i] * x[i,j]. */
  scale_rows(rows: number, cols: number, w: number, x: number, y: number): void;
  /**
   * l[i] = the sum of (y == 0 ? 0 : y * (q[i] - s)) over j, d = o * (sum of y over j) - y: shifted logits s, o = softmax,
   * q = log row sums. So a class of logit -Infinity and target 0 is left out.
   */
  cross_entropy(rows: number, cols: number, y: number, s: number, o: number, q: number, d: number, l: number): void;
  /** d = o * (e - (sum of e * o over j)): softmax's error from the error e at its output o. */
  softmax_delta(rows: number, cols: number, o: number, e: number, d: number): void;
  /** to[0] = the sum of w[i] * l[i] over the rows ascending; of l[i] if the address w is 0. */
  row_total(rows: number, w: number, l: number, to: number): void;
}

export type Dtype = 'f64' | 'f32';
export type TypedArray = Float64Array | Float32Array;

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
  /** The WebAssembly.Memory, if it is one: modules of further kernels are instantiated over it. */
  readonly wasm?: object;
  /** The first address that is free for the heap. */
  readonly base: number;
  /** Makes byteLength at least `bytes`; throws OutOfMemoryError and changes nothing if it cannot. */
  grow(bytes: number): void;
  /** Views of it are handed out from now on, and it grows no more. */
  pin?(): void;
}

/** One implementation of the kernels with the memory they work on. */
export interface Backend {
  readonly name: 'wasm' | 'ts';
  readonly kernels: Kernels;
  readonly memory: Memory;
}

/** The kernels of one dtype under their plain names, and the bytes of an element. */
export type DtypeKernels = KernelSet & { readonly bytes: number };

/** How many kernels there are of each dtype. */
export const KERNEL_COUNT = 48;

export function kernelsOf(kernels: Kernels, dtype: Dtype): DtypeKernels {
  const named = Object.entries(kernels).filter(([name]) => name.endsWith(dtype));
  // Not one assignment after another: V8 would make a slow dictionary of it.
  const entries = named.map(([name, kernel]) => [name.slice(0, -1 - dtype.length), kernel] as const);
  return Object.fromEntries([['bytes', dtype === 'f64' ? 8 : 4], ...entries]) as unknown as DtypeKernels;
}

/** `WebAssembly.Module` where that type is known: it comes with DOM types, which programs for Node need not have. */
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M : object;

/** What may be handed in instead of the embedded module: `bitgrad/kernels.wasm`, compiled or as bytes. */
export type KernelModule = CompiledModule | ArrayBuffer | ArrayBufferView;
