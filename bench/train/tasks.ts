// The trainings that are compared.

import type { Task } from './task.js';

/** `wanted`: how many times as fast as others bitgrad is to be. */
export const TRAININGS: { name: string; wanted: Record<string, number>; task: Task }[] = [
  {
    name: 'digits 64-64-10, logistic, sgd, batch 64, 20 epochs',
    wanted: { 'scikit-learn': 2 },
    task: {
      data: 'digits',
      dtype: 'f32',
      inputs: 64,
      hidden: 64,
      activation: 'logistic',
      outputs: 10,
      solver: 'sgd',
      batchSize: 64,
      learningRate: 0.5,
      epochs: 20,
    },
  },
  {
    name: 'breast cancer 30-32-1, relu, adam, batch 32, 100 epochs',
    wanted: { 'scikit-learn': 4, 'tfjs wasm': 4 },
    task: {
      data: 'breast cancer',
      dtype: 'f64',
      inputs: 30,
      hidden: 32,
      activation: 'relu',
      outputs: 1,
      solver: 'adam',
      batchSize: 32,
      learningRate: 0.001,
      epochs: 100,
    },
  },
  {
    name: 'MNIST 784-128-10, relu, adam, batch 128, 1 epoch',
    wanted: { 'jax-js': 2, PyTorch: 1 },
    task: {
      data: 'mnist',
      dtype: 'f32',
      inputs: 784,
      hidden: 128,
      activation: 'relu',
      outputs: 10,
      solver: 'adam',
      batchSize: 128,
      learningRate: 0.001,
      epochs: 1,
    },
  },
];
