// The compared libraries, by the names they have in the table and in its order.

import type { Program, Programs } from '../contest/contest.js';
import type { Effort } from '../measure.js';

export const PRODUCTS = 'products alone';

const node = (name: string, ...args: string[]): Program => ['node', `peers/subjects/${name}.ts`, ...args];

export const PROGRAMS: Record<string, Program> = {
  'bitgrad wasm': node('bitgrad', 'wasm'),
  'bitgrad ts': node('bitgrad', 'ts'),
  [PRODUCTS]: node('products'),
  'jax-js': node('jax'),
  'tfjs wasm': node('tfjs', 'wasm'),
  'tfjs cpu': node('tfjs', 'cpu'),
  'onnxruntime-web': node('onnx'),
  'numpy-ts': node('numpy-ts'),
  'ml-matrix': node('ml-matrix'),
  'brain.js': node('brain'),
  NumPy: ['python', 'numpy', 'Numpy'],
  'NumPy in place': ['python', 'numpy', 'NumpyInPlace'],
  PyTorch: ['python', 'numpy, torch', 'Torch'],
  'scikit-learn': ['python', 'numpy, sklearn', 'Sklearn'],
  oneDNN: ['c', 'onednn'],
  FANN: ['c', 'fann'],
};

const THREADED = ['bitgrad wasm', 'NumPy', 'NumPy in place', 'PyTorch'];

/** The same, and those that can have more threads with so many. */
export function programsFor(threads: number, { cpuTime }: Effort): Programs {
  if (threads < 2 || cpuTime) return PROGRAMS; // of all threads together
  const more = THREADED.map((name) => [`${name}, ${threads} threads`, { threads, program: PROGRAMS[name] }]);
  return { ...PROGRAMS, ...Object.fromEntries(more) };
}
