// softmax: exp(z) over the row's sum of those, of logits that are shifted so that none overflows.

import type { Activation } from '../activation.js';

export const softmax: Activation = {
  apart: true,
  last: true,
  curve: {
    forward(k, n, z, h, scratch, _training, rows) {
      const cols = n / rows;
      k.row_shift(rows, cols, z, z);
      k.exp(n, z, h);
      k.row_normalize(rows, cols, h, h, scratch);
    },
    backward: (k, n, e, h, _z, d, rows) => k.softmax_delta(rows, n / rows, h, e, d),
  },
};
