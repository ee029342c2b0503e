// relu: z above 0, else 0.

import type { Activation } from '../activation.js';

export const relu: Activation = {
  initializer: 'heUniform',
  curve: {
    forward: (k, n, z, h) => k.relu(n, z, h),
    backward: (k, n, e, h, _z, d) => k.relu_delta(n, e, h, d),
  },
};
