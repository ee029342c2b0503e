// tanh: the hyperbolic tangent.

import type { Activation } from '../activation.js';

export const tanh: Activation = {
  curve: {
    forward: (k, n, z, h) => k.tanh(n, z, h),
    backward: (k, n, e, h, _z, d) => k.tanh_delta(n, e, h, d),
  },
};
