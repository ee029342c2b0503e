// squaredHinge: the mean over a row's outputs of the square of how far y o stays below 1.

import { layers } from '../../backend/layers.js';
import type { Loss } from '../loss.js';
import { SIGNS } from './hinge.js';

export const squaredHinge: Loss = {
  ...SIGNS,
  evaluation: {
    pack: layers,
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.squared_hinge_loss(rows * cols, -2 / cols, y, o, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  },
};
