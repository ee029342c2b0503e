// hinge: the mean over a row's outputs of how far y o stays below 1.

import { layers } from '../../backend/layers.js';
import type { Loss } from '../loss.js';

/** Of both hinge losses: targets are -1 and 1, and between them lies the sign. */
export const SIGNS = {
  range: [-1, 1, '-1 or 1'],
  classes: 'independent',
  signs: true,
} as const satisfies Partial<Loss>;

export const hinge: Loss = {
  ...SIGNS,
  evaluation: {
    pack: layers,
    evaluate(k, rows, cols, y, _z, o, d, t, l) {
      k.hinge_loss(rows * cols, -1 / cols, y, o, d, t);
      k.row_sums(rows, cols, 1 / cols, t, l);
    },
  },
};
