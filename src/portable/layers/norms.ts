import type { PortableLayer } from '../layer.js';

export const batchNorm = (
  outputs: number,
  epsilon: number,
  weights: number,
  biases: number,
  means: number,
  variances: number,
): PortableLayer => ({
  outputs,
  forward({ k, bytes, rows, parameters, kept }, x, h) {
    const at = (place: number) => (place < 0 ? 0 : parameters + place * bytes);
    const scales = kept + rows * outputs * bytes;
    k.batch_norm(rows, outputs, epsilon, x, at(means), at(variances), at(weights), at(biases), h, kept, scales);
  },
});

export const layerNorm = (outputs: number, epsilon: number, weights: number, biases: number): PortableLayer => ({
  outputs,
  forward({ k, bytes, rows, parameters, kept }, x, h) {
    const at = (place: number) => (place < 0 ? 0 : parameters + place * bytes);
    k.layer_norm(rows, outputs, epsilon, x, at(weights), at(biases), h, kept, kept + rows * outputs * bytes);
  },
});

export const scale = (outputs: number, weights: number): PortableLayer => ({
  outputs,
  forward({ k, bytes, rows, parameters }, x, h) {
    k.scale_cols(rows, outputs, parameters + weights * bytes, x, h);
  },
});
