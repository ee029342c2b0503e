// softsign: z / (1 + |z|) (Turian et al. 2009).

import { layers } from '../../backend/layers.js';
import type { Activation } from '../activation.js';

export const softsign: Activation = {
  pack: layers,
  curve: {
    forward: (k, n, z, h) => k.softsign(n, z, h),
    backward: (k, n, e, h, _z, d) => k.softsign_delta(n, e, h, d),
  },
};
