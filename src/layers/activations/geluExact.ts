// geluExact: z Phi(z), Phi the normal distribution's function: gelu itself (Hendrycks and Gimpel 2016), where gelu is its tanh form.

import { layers } from '../../backend/layers.js';
import { type Activation, byTheSlope } from '../activation.js';

export const geluExact: Activation = {
  pack: layers,
  apart: true,
  initializer: 'heUniform',
  curve: {
    forward: (k, n, z, h, _scratch, training) => k.gelu_exact(n, z, h, training ? z : 0),
    backward: byTheSlope,
  },
};
