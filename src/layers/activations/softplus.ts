// softplus: ln(1 + exp(z)), as z above 0, else 0, plus log1p(exp(-|z|)), which does not overflow.

import { type Activation, byTheSlope } from '../activation.js';

export const softplus: Activation = {
  apart: true,
  curve: {
    forward(k, n, z, h, scratch, training) {
      k.minus_abs(n, z, scratch);
      k.exp(n, scratch, scratch);
      k.log1p(n, scratch, scratch);
      k.softplus(n, z, scratch, h);
      if (training) k.sigmoid(n, z, z);
    },
    backward: byTheSlope,
  },
};
