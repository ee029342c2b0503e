// elu: z above 0, else alpha (exp(z) - 1).

import { positive } from '../../checks/readers.js';
import type { Activation } from '../activation.js';

/** Options of elu. */
export interface EluOptions {
  /** elu's limit, -alpha; default 1. */
  alpha?: number;
}

export const elu: Activation<EluOptions> = {
  initializer: 'heUniform',
  options: { alpha: positive(1) },
  curve: ({ alpha }) => ({
    forward(k, n, z, h, scratch) {
      k.expm1(n, z, scratch);
      k.elu(n, alpha, 1, z, scratch, h);
    },
    backward: (k, n, e, h, _z, d) => k.elu_delta(n, alpha, 1, e, h, d),
  }),
};
