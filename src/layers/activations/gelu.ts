// gelu: z sigmoid(v), v a cubic of z: the tanh form of Hendrycks and Gimpel (2016).

import { type Activation, byTheSlope } from '../activation.js';

export const gelu: Activation = {
  apart: true,
  initializer: 'heUniform',
  curve: {
    forward(k, n, z, h, scratch, training) {
      k.gelu_argument(n, z, scratch);
      k.sigmoid(n, scratch, scratch);
      k.multiply(n, z, scratch, h);
      if (training) k.gelu_slope(n, z, scratch, h, z);
    },
    backward: byTheSlope,
  },
};
