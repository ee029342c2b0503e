import type { Activation, Curve } from '../../layers/activation.js';
import type { PortableLayer } from '../layer.js';

/** @param apart whether logits need a buffer of their own */
export function dense(
  inputs: number,
  outputs: number,
  weights: number,
  biases: number,
  activation: Activation,
  apart: boolean,
  options: object,
): PortableLayer {
  const { curve } = activation;
  const { forward } = typeof curve === 'function' ? (curve as (options: object) => Curve)(options) : curve;
  return {
    outputs,
    forward({ k, bytes, rows, parameters, kept, scratch }, x, h) {
      const z = apart ? kept : h;
      const b = biases < 0 ? 0 : parameters + biases * bytes;
      k.dense_forward(rows, inputs, outputs, x, parameters + weights * bytes, b, z, 0);
      forward(k, rows * outputs, z, h, scratch, false, rows);
    },
  };
}
