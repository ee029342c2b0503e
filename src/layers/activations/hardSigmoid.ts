// hardSigmoid: relu6(z + 3) / 6 (Howard et al. 2019). At both bounds the derivative is 0.

import { layers } from '../../backend/layers.js';
import type { Activation } from '../activation.js';

export const hardSigmoid: Activation = {
  pack: layers,
  curve: {
    forward: (k, n, z, h) => k.relu6(n, 1 / 6, 3, z, h),
    backward: (k, n, e, h, _z, d) => k.relu6_delta(n, 1 / 6, e, h, d),
  },
};
