// Every kernel of both packs in both backends, each backend with a memory of its own.

import type { Dtype } from 'bitgrad';
import type { Backend } from '../../src/backend/backend.js';
import { layers } from '../../src/backend/layers.js';
import { training } from '../../src/backend/training.js';
import { createTsBackend } from '../../src/backend/ts/index.js';
import { EMBEDDED } from '../../src/backend/wasm/bytes/core.js';
import { createWasmBackend } from '../../src/backend/wasm/index.js';
import { Heap } from '../../src/memory/heap.js';

export type Kernel = (...numbers: number[]) => number | undefined;

export interface Host {
  name: 'wasm' | 'ts';
  heap: Heap;
  work: number;
  memory: Backend['memory'];
  kernels: Record<Dtype, Record<string, Kernel>>;
}

function hostOf(backend: Backend): Host {
  const { name, memory, core } = backend;
  const packs = [core, backend.put(layers), backend.put(training)];
  const of = (dtype: Dtype) => Object.assign({}, ...packs.map((pack) => pack[dtype])) as Record<string, Kernel>;
  const heap = new Heap(memory);
  return {
    name,
    heap,
    work: heap.allocate(Math.max(8, backend.workBytes)),
    memory,
    kernels: { f64: of('f64'), f32: of('f32') },
  };
}

export const createHosts = (): Host[] => {
  const wasm = createWasmBackend({
    embedded: EMBEDDED,
    modules: {},
    reason: 'asked for',
    fallback: false,
    shared: false,
  });
  return [wasm, createTsBackend('asked for')].map(hostOf);
};
