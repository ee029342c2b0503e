// Every command: a file in commands/, and a line here. Its module is imported when it runs, or is asked for help.

import type { Command } from './command.js';

export interface CommandLine {
  readonly name: string;
  /** One line of `bitgrad --help`; the command's own help begins with it, too. */
  readonly what: string;
  load(): Promise<{ readonly command: Command }>;
}

export const COMMANDS: readonly CommandLine[] = [
  {
    name: 'train',
    what: 'a file in, a trained model out',
    load: () => import('./commands/train.js'),
  },
  {
    name: 'predict',
    what: 'what a model says of every row of a file',
    load: () => import('./commands/predict.js'),
  },
  {
    name: 'evaluate',
    what: 'metrics of a model on rows whose answers are known',
    load: () => import('./commands/evaluate.js'),
  },
  {
    name: 'verify',
    what: 'the bits of a model, with both backends and several numbers of threads',
    load: () => import('./commands/verify.js'),
  },
  {
    name: 'tune',
    what: 'many trainings, and which of them is the best',
    load: () => import('./commands/tune.js'),
  },
  {
    name: 'export',
    what: 'a model as JavaScript without dependencies, as ONNX, as JSON',
    load: () => import('./commands/export.js'),
  },
  {
    name: 'demo',
    what: 'the same bits from WebAssembly and TypeScript, on real images',
    load: () => import('./commands/demo.js'),
  },
  {
    name: 'info',
    what: 'versions, backend and why, packs, SIMD, threads, memory',
    load: () => import('./commands/info.js'),
  },
  {
    name: 'gradcheck',
    what: 'gradients of a model against central differences',
    load: () => import('./commands/gradcheck.js'),
  },
  {
    name: 'inspect',
    what: 'architecture, training, preprocessing and hashes of a model',
    load: () => import('./commands/inspect.js'),
  },
  {
    name: 'bench',
    what: 'WebAssembly and TypeScript compared on this machine',
    load: () => import('./commands/bench.js'),
  },
];
