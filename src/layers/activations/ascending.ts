// ascending: each of a row's outputs is the one before it and a softplus more, so that they never cross (Shen et al. 2025). The first is
// free.

import { layers } from '../../backend/layers.js';
import type { Activation } from '../activation.js';

export const ascending: Activation = {
  pack: layers,
  apart: true,
  curve: {
    forward(k, n, z, h, scratch, training, rows) {
      k.minus_abs(n, z, scratch);
      k.exp(n, scratch, scratch);
      k.log1p(n, scratch, scratch);
      k.ascend(rows, n / rows, z, scratch, h);
      if (training) k.sigmoid(n, z, z);
    },
    backward: (k, n, e, _h, z, d, rows) => k.ascend_delta(rows, n / rows, e, z, d),
  },
};
