// sigmoid: 1 / (1 + exp(-z)).

import type { Activation } from '../activation.js';

export const sigmoid: Activation = {
  gain: 2,
  curve: {
    forward: (k, n, z, h) => k.sigmoid(n, z, h),
    backward: (k, n, e, h, _z, d) => k.hidden_delta(n, e, h, d),
  },
};
