// relu6: z within 0 and 6 (Howard et al. 2017). At both bounds the derivative is 0.

import { layers } from '../../backend/layers.js';
import type { Activation } from '../activation.js';

export const relu6: Activation = {
  pack: layers,
  initializer: 'heUniform',
  curve: {
    forward: (k, n, z, h) => k.relu6(n, 1, 0, z, h),
    backward: (k, n, e, h, _z, d) => k.relu6_delta(n, 1, e, h, d),
  },
};
