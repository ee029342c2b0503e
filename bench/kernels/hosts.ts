// Every kernel of both packs in both backends, each backend with a memory of its own.

import type { Dtype } from 'bitgrad';
import { createTsBackend } from '../../src/backend/ts/index.js';
import { createWasmBackend } from '../../src/backend/wasm/index.js';
import { type Backend, kernelsOf } from '../../src/kernels/kernels.js';
import { Heap } from '../../src/memory/heap.js';
import { createTrainingKernels } from '../../src/train/backend/ts.js';
import { instantiateTrainingKernels } from '../../src/train/backend/wasm.js';

export type Kernel = (...numbers: number[]) => number | undefined;

export interface Host {
  name: 'wasm' | 'ts';
  heap: Heap;
  work: number;
  memory: Backend['memory'];
  kernels: Record<Dtype, Record<string, Kernel>>;
}

function hostOf(backend: Backend): Host {
  const { name, memory } = backend;
  const training =
    name === 'ts' ? createTrainingKernels(memory) : instantiateTrainingKernels((memory as { wasm: object }).wasm);
  if (!training) throw new Error("the host refuses to compile the module of training's kernels");
  const all = { ...backend.kernels, ...training } as unknown as Record<string, Kernel>;
  const of = (dtype: Dtype) => {
    const kernels = kernelsOf(all as unknown as Backend['kernels'], dtype) as unknown as Record<string, Kernel>;
    // It moves bytes, whatever they mean.
    const gather: Kernel = (rows, cols, i, x, y) => all.gather(rows, cols * (dtype === 'f64' ? 8 : 4), i, x, y);
    return { ...kernels, gather };
  };
  const heap = new Heap(memory);
  const work = heap.allocate(Math.max(8, backend.kernels.gemm_work_bytes()));
  return { name, heap, work, memory, kernels: { f64: of('f64'), f32: of('f32') } };
}

export const createHosts = (): Host[] => [createWasmBackend(), createTsBackend()].map(hostOf);
