// The training kernels in WebAssembly: a module of their own, instantiated over the memory of the core's.

import { bytesOf } from '../../backend/wasm/text.js';
import type { TrainingKernels } from '../kernels.js';
import { WASM_TEXT } from './bytes.js';

let compiled: WebAssembly.Module | undefined;

/** undefined where the host refuses to compile: where the core's module was handed in, because it does. */
export function instantiateTrainingKernels(memory: object): TrainingKernels | undefined {
  try {
    compiled ??= new WebAssembly.Module(bytesOf(WASM_TEXT));
    const imports = { env: { memory: memory as WebAssembly.Memory } };
    return new WebAssembly.Instance(compiled, imports).exports as unknown as TrainingKernels;
  } catch {
    return undefined;
  }
}
