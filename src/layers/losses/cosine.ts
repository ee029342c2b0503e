// cosine: 1 less the cosine of the angle between a row's outputs and its targets.

import { layers } from '../../backend/layers.js';
import type { Loss } from '../loss.js';

export const cosine: Loss = {
  evaluation: {
    pack: layers,
    evaluate: (k, rows, cols, y, _z, o, d, _t, l) => k.cosine_loss(rows, cols, y, o, d, l),
  },
};
