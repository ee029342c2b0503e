/**
 * The kernels of further layers and activations, a line each as table.ts has it. They obey the contract like the core's, whose
 * letters they use.
 */

import type { KernelsOf, Table } from './table.js';

export const LAYERS = {
  /** h = scale * (z + offset within 0 and 6). */
  relu6: 'n scale:T offset:T | z:n -> h:n',
  /** d = h <= 0 || h >= 6 * scale ? 0 : scale * e. */
  relu6_delta: 'n scale:T | e:n h:n -> d:n',
  /** h = z / (1 + |z|). */
  softsign: 'n | z:n -> h:n',
  /** d = e * ((1 - |h|) * (1 - |h|)). */
  softsign_delta: 'n | e:n h:n -> d:n',
  /**
   * h = z * g, g = tanh(ln(1 + exp(z))) from t = exp(-|z|): a / (a + 2 b), where a = z <= 0 ? t * (t + 2) : 1 + 2 t and
   * b = z <= 0 ? 1 : t * t.
   */
  mish: 'n | z:n t:n -> h:n',
  /**
   * s = g + z * (4 * ((q * (1 - q)) * ((z <= 0 ? t : 1) / (1 + t)))), q = b / (a + 2 b): mish's slope, g, t, a and b as above, for
   * 1 - g * g = 4 q (1 - q), which has no digits left as g comes near 1.
   */
  mish_slope: 'n | z:n t:n -> s:n',
  /**
   * h = c * Phi(z), c = z no less than -NORMAL_MAX, and unless the address s is 0, s = Phi(z) + d * phi(z), d = z within
   * +-NORMAL_MAX: Phi the normal distribution's function, phi its density.
   */
  gelu_exact: 'n | z:n -> h:n s?:n',

  // Layers row by row. Sums along a row and down a column are one accumulator from +0 each, in order.

  /**
   * y = u < rate * 2^32 ? 0 : scale * x, scale = 1 / (1 - rate) taken in f64 and then rounded to the dtype. u is 32 bits made of
   * the seed, the row's number r, of which the first is `first`, and the column j: mix(key(r) + j * 0x9e3779b9) modulo 2^32, where
   * key(r) = mix(mix(mix(seed + 0x9e3779b9) + high) + low), low and high the halves of r, and mix is in constants.ts. A seed that is none below
   * 2^32, a number that is none below 2^53, and a rate that is none from 0 to below 1 count as 0.
   */
  dropout: 'rows cols rate:f64 seed:f64 first:row | x:rows*cols -> y:rows*cols',
  /**
   * m = (the sum of x over the row) / cols, c = x - m, s = 1 / sqrt((the sum of c * c) / cols + epsilon), n = c * s, h = n * w, then
   * + b unless the address b is 0.
   */
  layer_norm: 'rows cols epsilon:T | x:rows*cols w:cols b?:cols -> h:rows*cols n:rows*cols s:rows',
  /** g = d * w, e = s * ((g - (the sum of g) / cols) - n * ((the sum of g * n) / cols)): n and s as layer_norm left them. */
  layer_norm_delta: 'rows cols | d:rows*cols w:cols n:rows*cols s:rows -> e:rows*cols',
  /** m = (the sum of x down the column) / rows, c = x - m, q = the sum of c * c, v = q / rows, and unless the address u is 0, u = q / (rows - 1). */
  column_moments: 'rows cols | x:rows*cols -> m:cols v:cols u?:cols',
  /** s = 1 / sqrt(v + epsilon), n = (x - m) * s, h = n * w, then + b unless the address b is 0: m, v, w, b and s of the column. */
  batch_norm: 'rows cols epsilon:T | x:rows*cols m:cols v:cols w:cols b?:cols -> h:rows*cols n:rows*cols s:cols',
  /** e = (w * s) * ((d - factor * a) - n * (factor * b)): w, s, a and b of the column, n and s as batch_norm left them. */
  batch_norm_delta: 'rows cols factor:T | d:rows*cols w:cols n:rows*cols s:cols a:cols b:cols -> e:rows*cols',
  /** s[j] = the sum of x[i,j] * d[i,j] over the rows. */
  column_products: 'rows cols | x:rows*cols d:rows*cols -> s:cols',
  /** y[i,j] = w[j] * x[i,j]. */
  scale_cols: 'rows cols | w:cols x:rows*cols -> y:rows*cols',
  /**
   * y[i,j] = w[k,j], k the integer that is no further than NEAR from x[i,0], of rows of cols elements; NaN unless k is from 0 to
   * below m. Returns the first x[i,0] that is none of those; 0 if all are.
   */
  embed: 'rows cols m n | x:rows*cols w:m*n -> y:rows*ldy ldy>=n T',
  /** dw[k,j] = the sum of d[i,j] over the rows whose x[i,0] is k, as embed takes it. */
  embed_backward: 'rows cols m n | x:rows*cols d:rows*ldd ldd>=n -> dw:m*n',
  /** y[i,j] = x[i,j]; 0 if the address x is 0. */
  copy_block: 'rows cols | x?:rows*ldx ldx>=cols -> y:rows*ldy ldy>=cols',
} as const satisfies Table;

/** The kernels of further layers, of one dtype. */
export type LayersKernels = KernelsOf<typeof LAYERS>;
