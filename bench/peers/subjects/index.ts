// The subjects that run on Node, by the names they have in the table. A module is loaded in its own process alone.

import type { Subject } from '../subject.js';

export const loaders: Record<string, () => Promise<Subject>> = {
  'bitgrad wasm': async () => (await import('./bitgrad.js')).load('wasm'),
  'bitgrad ts': async () => (await import('./bitgrad.js')).load('ts'),
  'products alone': async () => (await import('./products.js')).load(),
  'jax-js': async () => (await import('./jax.js')).load(),
  'tfjs wasm': async () => (await import('./tfjs.js')).load('wasm'),
  'tfjs cpu': async () => (await import('./tfjs.js')).load('cpu'),
  'onnxruntime-web': async () => (await import('./onnx.js')).load(),
  'ml-matrix': async () => (await import('./ml-matrix.js')).load(),
  'brain.js': async () => (await import('./brain.js')).load(),
};
