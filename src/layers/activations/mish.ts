// mish: z tanh(ln(1 + exp(z))) (Misra 2019).

import { layers } from '../../backend/layers.js';
import { type Activation, byTheSlope } from '../activation.js';

export const mish: Activation = {
  pack: layers,
  apart: true,
  initializer: 'heUniform',
  curve: {
    forward(k, n, z, h, scratch, training) {
      k.minus_abs(n, z, scratch);
      k.exp(n, scratch, scratch);
      k.mish(n, z, scratch, h);
      if (training) k.mish_slope(n, z, scratch, z);
    },
    backward: byTheSlope,
  },
};
