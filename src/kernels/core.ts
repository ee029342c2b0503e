/**
 * The kernels of the core, a line each as table.ts has it; what each computes stands above its line.
 *
 * | letter      | stands for                                                             |
 * |-------------|------------------------------------------------------------------------|
 * | n           | elements of a vector                                                   |
 * | rows, cols  | of a matrix without gaps                                               |
 * | m, n, k     | of a product: rows and columns of C, depth                             |
 * | lda         | the elements from one row of A to the next                             |
 * | inputs, units | of a dense layer                                                     |
 * | x, y, p     | vectors or matrices of no further meaning                              |
 * | w, b        | weights and biases; in rows, w is a weight for each row                |
 * | z, h        | what enters an activation, and what leaves it                          |
 * | t, v, g     | what another kernel made of z: expm1 or log1p, gelu's argument, a gate |
 * | y, o        | in losses: the target, and the network's output                        |
 * | e, d        | the error that arrives (dLoss/dh), and the one passed on (dLoss/dz)    |
 * | dw, db      | gradients of weights and biases                                        |
 * | l, t        | losses, of rows and of elements                                        |
 * | s           | sums of rows; slopes; in losses what the line above says               |
 * | alpha, c, delta, factor | scalars                                                    |
 */

import type { Both, KernelsOf, Table } from './table.js';

export const CORE = {
  /** The sum of x[i] * y[i] over one block (contract rule 4). */
  dot: 'n<=4096 | x:n y:n -> T',
  /** The sum of (x[i] - y[i])^2 over one block. */
  squared_error: 'n<=4096 | x:n y:n -> T',

  /** C (m x n) = A (m x k) B (k x n). */
  gemm_nn: 'm n k | a:m*lda lda>=k b:k*ldb ldb>=n -> c:m*ldc ldc>=n work',
  /** C = A B^T, B stored n x k. */
  gemm_nt: 'm n k | a:m*lda lda>=k b:n*ldb ldb>=k -> c:m*ldc ldc>=n work',
  /** C = A^T B, A stored k x m. */
  gemm_tn: 'm n k | a:k*lda lda>=m b:k*ldb ldb>=n -> c:m*ldc ldc>=n work',
  /** C = A^T B^T. */
  gemm_tt: 'm n k | a:k*lda lda>=m b:n*ldb ldb>=k -> c:m*ldc ldc>=n work',

  /** y = exp(x). */
  exp: 'n | x:n -> y:n',
  /** y = 1 / (1 + exp(-x)). */
  sigmoid: 'n | x:n -> y:n',
  /** y = exp(x) - 1. */
  expm1: 'n | x:n -> y:n',
  /** y = tanh(x). */
  tanh: 'n | x:n -> y:n',
  /** y = ln(x). */
  log: 'n | x:n -> y:n',
  /** y = ln(1 + x). */
  log1p: 'n | x:n -> y:n',
  /** y = s * (1 - s): the sigmoid's derivative from its output s. */
  sigmoid_derivative: 'n | s:n -> y:n',
  /** d = (y - o) * (o * (1 - o)): target y, output o. */
  output_delta: 'n | y:n o:n -> d:n',
  /** d = e * (h * (1 - h)): error e arriving at the activation h. */
  hidden_delta: 'n | e:n h:n -> d:n',
  /** y = y + alpha * x. */
  axpy: 'n alpha:T | x:n -> +y:n',
  /** y = y + alpha sign(x): y - alpha where x < 0, y + alpha where x > 0, else y. */
  axpy_sign: 'n alpha:T | x:n -> +y:n',
  /**
   * y = x * (1 / total), the reciprocal taken in f64 and then rounded to the dtype (LAPACK's name). Returns 1 if all of y are
   * finite, else 0.
   */
  rscl: 'n total:f64 | x:n -> y:n flag',
  /** p = x * y. */
  multiply: 'n | x:n y:n -> p:n',

  // A dense layer over a row tile.

  /** z = x w, then + b for each row unless the address b is 0. */
  dense_forward: 'rows inputs units | x:rows*inputs w:inputs*units b?:units -> z:rows*units work',
  /** dw = x^T d, db = the column sums of d (rule 3, one tile) unless the address db is 0. */
  dense_backward: 'rows inputs units | x:rows*inputs d:rows*units -> dw:inputs*units db?:units work',
  /** e = d w^T. */
  dense_input: 'rows inputs units | d:rows*units w:inputs*units -> e:rows*inputs work',

  // Activations h of z, and d = e * h'(z) from the error e that arrives at h.

  /** h = z <= 0 ? 0 : z. */
  relu: 'n | z:n -> h:n',
  /** d = h <= 0 ? 0 : e. */
  relu_delta: 'n | e:n h:n -> d:n',
  /** h = z <= 0 ? alpha * z : z. */
  leaky_relu: 'n alpha:T | z:n -> h:n',
  /** d = h <= 0 ? alpha * e : e. */
  leaky_relu_delta: 'n alpha:T | e:n h:n -> d:n',
  /** h = z <= 0 ? alpha * t : scale * z, where t = expm1(z). */
  elu: 'n alpha:T scale:T | z:n t:n -> h:n',
  /** d = h <= 0 ? e * (h + alpha) : scale * e. */
  elu_delta: 'n alpha:T scale:T | e:n h:n -> d:n',
  /** d = e * (1 - h * h). */
  tanh_delta: 'n | e:n h:n -> d:n',
  /** t = -|z|. */
  minus_abs: 'n | z:n -> t:n',
  /** h = (z <= 0 ? 0 : z) + t, where t = log1p(exp(-|z|)). */
  softplus: 'n | z:n t:n -> h:n',
  /** v = c * (GELU_LINEAR + GELU_CUBIC * (c * c)), c = z within +-GELU_MAX; gelu(z) = z sigmoid(v). */
  gelu_argument: 'n | z:n -> v:n',
  /** s = g + (h * (1 - g)) * (GELU_LINEAR + GELU_SLOPE * (c * c)): gelu's slope, g = sigmoid(v), h = z * g, c as above. */
  gelu_slope: 'n | z:n g:n h:n -> s:n',
  /** s = g + h * (1 - g): silu's slope, g = sigmoid(z), h = z * g. */
  silu_slope: 'n | g:n h:n -> s:n',

  // Losses: from target y and output o each element's loss t and its derivative d.

  /** r = o - y: t = r * r, d = c * r. */
  squared_loss: 'n c:T | y:n o:n -> d:n t:n',
  /** r = o - y: t = |r|, d = -c where r < 0, c where r > 0, else r. */
  absolute_loss: 'n c:T | y:n o:n -> d:n t:n',
  /** r = o - y: t = |r| <= delta ? (0.5 * r) * r : delta * (|r| - 0.5 * delta), d = c * (r within +-delta). */
  huber_loss: 'n delta>0:T c:T | y:n o:n -> d:n t:n',
  /** t = ((z <= 0 ? 0 : z) - y * z) + s, d = o - y: logits z, o = sigmoid(z), s = log1p(exp(-|z|)). */
  logistic_loss: 'n | y:n z:n o:n s:n -> d:n t:n',
  /** t = o - (y == 0 ? 0 : y * z), d = o - y: log rates z, o = exp(z); d is the derivative with respect to z. */
  poisson_loss: 'n | y:n z:n o:n -> d:n t:n',
  /** t = o - (y == 0 ? 0 : y * z), d = 1 - (y == 0 ? 0 : y / o): z = log(o); d is the derivative with respect to o. */
  poisson_rate_loss: 'n | y:n z:n o:n -> d:n t:n',

  // Row by row.

  /** s[i] = factor * (sum of x[i,j] over j). */
  row_sums: 'rows cols factor:T | x:rows*cols -> s:rows',
  /** s[i] = the sum of x[i,j] * x[i,j] over j. */
  row_squares: 'rows cols | x:rows*cols -> s:rows',
  /** y[i,j] = x[i,j] - the row's greatest number, the first of equals (NaN is none; -Infinity if there is none). */
  row_shift: 'rows cols | x:rows*cols -> y:rows*cols',
  /** s[i] = the sum of x[i,j] over j; y[i,j] = x[i,j] / s[i]. */
  row_normalize: 'rows cols | x:rows*cols -> y:rows*cols s:rows',
  /** y[i,j] = w[i] * x[i,j]. */
  scale_rows: 'rows cols | w:rows x:rows*cols -> y:rows*cols',
  /**
   * l[i] = the sum of (y == 0 ? 0 : y * (q[i] - s)) over j, d = o * (sum of y over j) - y: shifted logits s, o = softmax,
   * q = log row sums. So a class of logit -Infinity and target 0 is left out.
   */
  cross_entropy: 'rows cols | y:rows*cols s:rows*cols o:rows*cols q:rows -> d:rows*cols l:rows',
  /** d = o * (e - (sum of e * o over j)): softmax's error from the error e at its output o. */
  softmax_delta: 'rows cols | o:rows*cols e:rows*cols -> d:rows*cols',
  /** to[0] = the sum of w[i] * l[i] over the rows ascending; of l[i] if the address w is 0. */
  row_total: 'rows | w?:rows l:rows -> to:1',
} as const satisfies Table;

/** The core's kernels of one dtype. */
export type CoreKernels = KernelsOf<typeof CORE>;

/** The same, and the bytes of an element. */
export type DtypeKernels = Both<typeof CORE>['f64'];
