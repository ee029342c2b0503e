// leakyRelu: z above 0, else negativeSlope z.

import { positive } from '../../checks/readers.js';
import type { Activation } from '../activation.js';

/** Options of leakyRelu. */
export interface LeakyReluOptions {
  /** leakyRelu's slope below 0; default 0.01. */
  negativeSlope?: number;
}

export const leakyRelu: Activation<LeakyReluOptions> = {
  initializer: 'heUniform',
  options: { negativeSlope: positive(0.01) },
  curve: ({ negativeSlope }) => ({
    forward: (k, n, z, h) => k.leaky_relu(n, negativeSlope, z, h),
    backward: (k, n, e, h, _z, d) => k.leaky_relu_delta(n, negativeSlope, e, h, d),
  }),
};
