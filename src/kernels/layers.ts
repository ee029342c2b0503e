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
} as const satisfies Table;

/** The kernels of further layers, of one dtype. */
export type LayersKernels = KernelsOf<typeof LAYERS>;
