/**
 * The kernels of further layers, activations and losses, a line each as table.ts has it. They obey the contract like the core's, whose
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
  /** h[i,0] = z[i,0], h[i,j] = h[i,j-1] + ((z[i,j] <= 0 ? 0 : z[i,j]) + t[i,j]), where t = log1p(exp(-|z|)). */
  ascend: 'rows cols | z:rows*cols t:rows*cols -> h:rows*cols',
  /** d[i,j] = s[i,j] * (the sum of e[i,k] over k from the last down to j), without s where j is 0: s = sigmoid(z). */
  ascend_delta: 'rows cols | e:rows*cols s:rows*cols -> d:rows*cols',

  // Losses: from target y and output o each element's loss t, or each row's l, and its derivative d.

  /** y = scale * x + offset. */
  affine: 'n scale:T offset:T | x:n -> y:n',
  /**
   * In column `at`, and in no other, r = o - y: t = (r > 0 ? 1 - tau : -tau) * r, d = c * (1 - tau) where r > 0, c * -tau where r < 0,
   * else r. Nothing where there is no such column.
   */
  pinball_loss: 'rows cols at tau:T c:T | y:rows o:rows*cols -> +d:rows*cols +t:rows*cols',
  /** m = 1 - y * o: t = m <= 0 ? 0 : m, d = m <= 0 ? 0 : c * y. */
  hinge_loss: 'n c:T | y:n o:n -> d:n t:n',
  /** The same m, p = m <= 0 ? 0 : m: t = p * p, d = c * (y * p). */
  squared_hinge_loss: 'n c:T | y:n o:n -> d:n t:n',
  /** r = o - y: u = |r| <= 1 ? -(h * h) : (1 - |h|) / (1 + |h|), h = tanh(r). */
  log_cosh_argument: 'n | y:n o:n h:n -> u:n',
  /** r = o - y: t = |r| <= 1 ? -0.5 * u : (|r| - LN2) + u, u = log1p of the line above, d = c * h. */
  log_cosh_loss: 'n c:T | y:n o:n h:n u:n -> d:n t:n',
  /** v = -gamma * (((z <= 0 ? 0 : z) - (1 - y) * z) + s), s = log1p(exp(-|z|)): the log of (1 - p)^gamma, p the target's probability. */
  focal_exponent: 'n gamma:T | y:n z:n s:n -> v:n',
  /**
   * With a = (zero + more * y) * p, p = exp(v), and b = ((z <= 0 ? 0 : z) - y * z) + s: t = a * b,
   * d = a * ((o - y) - (gamma * b) * ((o + y) - 1)); d is the derivative with respect to z, o = sigmoid(z).
   */
  focal_loss: 'n gamma:T zero:T more:T | y:n z:n o:n s:n p:n -> d:n t:n',
  /** t = (o - y) + (y == 0 ? 0 : y * (v - z)), d = 2 * (o - y): v = log(y), log rates z; d is the derivative with respect to z. */
  poisson_deviance: 'n | y:n z:n o:n v:n -> d:n t:n',
  /** The same t, z = log(o); d = 2 * (1 - (y == 0 ? 0 : y / o)) is the derivative with respect to o. */
  poisson_rate_deviance: 'n | y:n z:n o:n v:n -> d:n t:n',
  /**
   * l[i] = the sum of (y == 0 ? 0 : y * ((q[i] - s) + v)) over j, d = o * (sum of y over j) - y: v = log(y), the rest as
   * cross_entropy has it.
   */
  kl_divergence: 'rows cols | y:rows*cols v:rows*cols s:rows*cols o:rows*cols q:rows -> d:rows*cols l:rows',
  /**
   * With the sums over j a of o * o, b of y * y, c of y * o, p = sqrt(a) * sqrt(b) and s = c / p: l[i] = 1 - s,
   * d = s * (o / a) - y / p. Where p is 0, l[i] = 1 and d = 0.
   */
  cosine_loss: 'rows cols | y:rows*cols o:rows*cols -> d:rows*cols l:rows',

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
