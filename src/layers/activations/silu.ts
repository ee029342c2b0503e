// silu: z sigmoid(z).

import { type Activation, byTheSlope } from '../activation.js';

export const silu: Activation = {
  apart: true,
  initializer: 'heUniform',
  curve: {
    forward(k, n, z, h, scratch, training) {
      k.sigmoid(n, z, scratch);
      k.multiply(n, z, scratch, h);
      if (training) k.silu_slope(n, scratch, h, z);
    },
    backward: byTheSlope,
  },
};
