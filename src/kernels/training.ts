/**
 * The kernels of training, a line each as table.ts has it: steps of optimizers, the check of gradients, the gathering of batches.
 * They obey the contract like the core's.
 *
 * g are gradients, p parameters, the others an optimizer's slots: m and v first and second moments, s a sum of squares, b a buffer
 * of steps or of squares of them, x the largest of v. Scalars, `1 - beta` among them, are computed in f64 and then rounded to the dtype. Plain gradient descent is the
 * core's `axpy(n, -rate, g, p)`.
 */

import type { KernelsOf, Table } from './table.js';

export const TRAINING = {
  /** v = momentum * v - rate * g; p = p + v (scikit-learn). */
  momentum: 'n rate:f64 momentum:f64 | g:n -> +v:n +p:n',
  /** v = momentum * v - rate * g; p = p + (momentum * v - rate * g) (scikit-learn). */
  nesterov: 'n rate:f64 momentum:f64 | g:n -> +v:n +p:n',
  /** s = s + g * g; p = p - (rate * g) / (sqrt(s) + epsilon) (Duchi et al. 2011). */
  adagrad: 'n rate:f64 epsilon:f64 | g:n -> +s:n +p:n',
  /** v = rho * v + (1 - rho) * (g * g); p = p - (rate * g) / (sqrt(v) + epsilon) (Hinton's lecture 6e). */
  rmsprop: 'n rate:f64 rho:f64 epsilon:f64 | g:n -> +v:n +p:n',
  /** v as in rmsprop; b = momentum * b + g / (sqrt(v) + epsilon); p = p - rate * b (PyTorch). */
  rmsprop_momentum: 'n rate:f64 rho:f64 momentum:f64 epsilon:f64 | g:n -> +v:n +b:n +p:n',
  /**
   * v as in rmsprop; m = rho * m + (1 - rho) * g; p = p - (rate * g) / (sqrt(d) + epsilon) (Graves 2013), where d = v - m * m, but
   * 0 where rounding has made that negative.
   */
  rmsprop_centered: 'n rate:f64 rho:f64 epsilon:f64 | g:n -> +v:n +m:n +p:n',
  /** v, m and d as in rmsprop_centered; b = momentum * b + g / (sqrt(d) + epsilon); p = p - rate * b (PyTorch). */
  rmsprop_centered_momentum: 'n rate:f64 rho:f64 momentum:f64 epsilon:f64 | g:n -> +v:n +b:n +m:n +p:n',
  /**
   * v as in rmsprop; d = (sqrt(b + epsilon) / sqrt(v + epsilon)) * g; b = rho * b + (1 - rho) * (d * d); p = p - rate * d (Zeiler
   * 2012).
   */
  adadelta: 'n rate:f64 rho:f64 epsilon:f64 | g:n -> +v:n +b:n +p:n',
  /**
   * m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * (g * g); p = p - (rate * m) / (sqrt(v) + epsilon):
   * scikit-learn's form, whose rate holds the bias corrections (Kingma and Ba 2014, end of section 2).
   */
  adam: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 | g:n -> +m:n +v:n +p:n',
  /** m and v as in adam; x = x > v ? x : v; p = p - (rate * m) / (sqrt(x) + epsilon) (Reddi et al. 2018). */
  adam_amsgrad: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 | g:n -> +m:n +v:n +x:n +p:n',
  /**
   * m as in adam; v = s < beta2 * v ? beta2 * v : s, where s = |g| + epsilon; p = p - (rate * m) / v (Kingma and Ba 2014, section
   * 7.1; epsilon is PyTorch's).
   */
  adamax: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 | g:n -> +m:n +v:n +p:n',
  /** m and v as in adam; p = keep * p - rate * (m / (sqrt(v) / root + epsilon)): PyTorch's form of Loshchilov and Hutter 2017. */
  adamw: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 root:f64 keep:f64 | g:n -> +m:n +v:n +p:n',
  /** The same, but x = x > v ? x : v in the place of v in p. */
  adamw_amsgrad: 'n rate:f64 beta1:f64 beta2:f64 epsilon:f64 root:f64 keep:f64 | g:n -> +m:n +v:n +x:n +p:n',
  /**
   * m and v as in adam; p = p - (current * g + next * m) / (sqrt(v) / root + epsilon): PyTorch's form of Dozat 2016, whose two
   * rates hold the momenta of this step and the next.
   */
  nadam: 'n current:f64 next:f64 beta1:f64 beta2:f64 epsilon:f64 root:f64 | g:n -> +m:n +v:n +p:n',
  /**
   * p = keep * p - rate * sign(beta1 * m + (1 - beta1) * g), rate above 0; then m = beta2 * m + (1 - beta2) * g (Chen et al.
   * 2023). The sign of a zero is that zero, of NaN NaN.
   */
  lion: 'n rate>0:f64 beta1:f64 beta2:f64 keep:f64 | g:n -> +m:n +p:n',
  /** z = alpha * x + beta * y. */
  waxpby: 'n alpha:f64 beta:f64 | x:n y:n -> z:n',
  /** y = x / (sqrt(s[0]) < least ? least : sqrt(s[0])). */
  over_norm: 'n least:f64 | s:1 x:n -> y:n',
  /** e = p == e ? e : e + rate * (p - e): so infinities stay what they are. */
  average: 'n rate:f64 | p:n -> +e:n',
  /** g within +-limit; NaN stays. */
  clip: 'n limit>0:f64 | -> +g:n',
  /** 1 if all of x are finite, else 0. */
  finite: 'n | x:n -> flag',
  /** y (rows x cols) = the rows of x that the 32-bit indices i name, in their order. */
  gather: 'rows cols | i:rows<m x:m*cols -> y:rows*cols',
  /** t[j] = how many of x[i,j] are not finite. */
  nonfinite: 'rows cols | x:rows*cols -> t:cols',
  /**
   * z = x w, then + b for each row unless the address b is 0. x (rows x inputs) is sparse: row r has v[e] in column i[e] for e from
   * p[r] to below p[r + 1], columns ascending, and zeros elsewhere, which are left out. So z[r,j] is NaN where fewer than t[j] of the
   * w[i[e],j] are not finite: `nonfinite` says how many of column j are, and 0 times one of those that are left out is NaN.
   */
  sparse_forward: 'rows units | p:rows^n i:n<inputs v:n w:inputs*units t:units b?:units -> z:rows*units',
  /**
   * The same of x by its columns: column k has u[e] in row r[e] for e from q[k] to below q[k + 1], rows ascending. z[i,j] is NaN where
   * w[k,j] is not finite and column k has nothing in row i. It reads w from end to end, once, where the other one goes to and fro.
   */
  sparse_forward_columns: 'rows units inputs | q:inputs^n r:n<rows u:n w:inputs*units b?:units -> z:rows*units',
} as const satisfies Table;

/** The training kernels of one dtype. */
export type TrainingKernels = KernelsOf<typeof TRAINING>;
