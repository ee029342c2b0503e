// selu: scale z above 0, else scale alpha (exp(z) - 1), with which activations keep mean 0 and variance 1 (Klambauer et al.
// 2017).

import type { Activation } from '../activation.js';

const SCALE = 1.0507009873554805;
const BELOW = SCALE * 1.6732632423543772;

export const selu: Activation = {
  initializer: 'lecunNormal',
  curve: {
    forward(k, n, z, h, scratch) {
      k.expm1(n, z, scratch);
      k.elu(n, BELOW, SCALE, z, scratch, h);
    },
    backward: (k, n, e, h, _z, d) => k.elu_delta(n, BELOW, SCALE, e, h, d),
  },
};
