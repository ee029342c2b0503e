// exp: the rates of a log-linear model.

import type { Activation } from '../activation.js';

export const exp: Activation = {
  curve: {
    forward: (k, n, z, h) => k.exp(n, z, h),
    backward: (k, n, e, h, _z, d) => k.multiply(n, e, h, d),
  },
};
