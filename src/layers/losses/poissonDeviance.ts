// poissonDeviance: the sum over a row's outputs of 2 (y log(y / o) - y + o), o the rate: poisson, less what the best rate has.

import { layers } from '../../backend/layers.js';
import type { Evaluation, Loss } from '../loss.js';

/** With exp: log o = z. */
const ofLog: Evaluation = {
  pack: layers,
  evaluate(k, rows, cols, y, z, o, d, t, l) {
    const n = rows * cols;
    k.log(n, y, t);
    k.poisson_deviance(n, y, z, o, t, d, t);
    k.row_sums(rows, cols, 2, t, l);
  },
};

const ofRate: Evaluation = {
  pack: layers,
  evaluate(k, rows, cols, y, _z, o, d, t, l) {
    const n = rows * cols;
    k.log(n, y, t);
    k.log(n, o, d);
    k.poisson_rate_deviance(n, y, d, o, t, d, t);
    k.row_sums(rows, cols, 2, t, l);
  },
};

export const poissonDeviance: Loss = {
  after: ['exp', 'softplus'],
  fused: ['exp'],
  range: [0, Infinity, '0 or more'],
  evaluation: ({ activation }) => (activation === 'exp' ? ofLog : ofRate),
};
