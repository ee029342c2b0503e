// The WebAssembly backend: the embedded module, compiled on first use and never at import.

import { BackendUnavailableError, OutOfMemoryError } from '../../checks/errors.js';
import {
  type Backend,
  type Dtype,
  KERNEL_COUNT,
  type KernelModule,
  type Kernels,
  kernelsOf,
  type Memory,
} from '../../kernels/kernels.js';
import { COMPILER, WASM_SHA256, WASM_TEXT } from './bytes.js';
import { bytesOf } from './text.js';

type KernelExports = Kernels & { memory: WebAssembly.Memory; heap_base(): number };

class WasmMemory implements Memory {
  readonly base: number;
  f64: Float64Array;
  f32: Float32Array;
  readonly wasm: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory, base: number) {
    this.base = base;
    this.wasm = memory;
    this.f64 = new Float64Array(memory.buffer);
    this.f32 = new Float32Array(memory.buffer);
  }

  get byteLength(): number {
    return this.wasm.buffer.byteLength;
  }

  grow(bytes: number): void {
    const pages = Math.ceil((bytes - this.byteLength) / 65536);
    if (pages <= 0) return;
    try {
      this.wasm.grow(pages);
    } catch (cause) {
      throw new OutOfMemoryError(`linear memory cannot grow to ${bytes} bytes: ${(cause as Error).message}`, { cause });
    }
    this.f64 = new Float64Array(this.wasm.buffer);
    this.f32 = new Float32Array(this.wasm.buffer);
  }
}

/** One compiled module serves every engine. */
let compiled: WebAssembly.Module | undefined;

function unavailable(cause: unknown, given: boolean): unknown {
  if (cause instanceof BackendUnavailableError) return cause;
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const what = given ? '"module" cannot be instantiated' : 'WebAssembly with SIMD is not available';
  return new BackendUnavailableError(`${what} here: ${reason}`, { cause });
}

/** The raw exports: the loader's own wrap each call in a rest-argument function, which costs more than a small kernel. */
function backendOf(instance: WebAssembly.Instance, given: boolean): Backend {
  const exports = instance.exports as unknown as KernelExports;
  // One more entry than kernels: the bytes of an element.
  const complete = (dtype: Dtype) => Object.keys(kernelsOf(exports, dtype)).length === KERNEL_COUNT + 1;
  if (given && !(exports.memory instanceof WebAssembly.Memory && complete('f64') && complete('f32'))) {
    throw new BackendUnavailableError('"module" is not a bitgrad kernel module: use the bytes of bitgrad/kernels.wasm');
  }
  return { name: 'wasm', kernels: exports, memory: new WasmMemory(exports.memory, exports.heap_base()) };
}

/** A fresh instance with memory of its own, at once. @throws {BackendUnavailableError} with the host's reason as `cause`. */
export function createWasmBackend(module?: KernelModule): Backend {
  try {
    const bytes = module instanceof WebAssembly.Module ? undefined : (module as BufferSource | undefined);
    const given = bytes ? new WebAssembly.Module(bytes) : (module as WebAssembly.Module | undefined);
    if (!given) compiled ??= new WebAssembly.Module(bytesOf(WASM_TEXT));
    return backendOf(new WebAssembly.Instance(given ?? (compiled as WebAssembly.Module)), module !== undefined);
  } catch (error) {
    throw unavailable(error, module !== undefined);
  }
}

/**
 * The loader is loaded here and not at import, because it assigns to Object: where that is frozen (`--frozen-intrinsics`, SES)
 * the host's own instantiate serves.
 */
const loading = () => import('@assemblyscript/loader').catch(() => WebAssembly);

/** The same without blocking: for browsers that refuse to compile larger modules synchronously on the main thread. */
export async function createWasmBackendAsync(module?: KernelModule): Promise<Backend> {
  try {
    const { instantiate } = await loading();
    if (module === undefined) compiled ??= await WebAssembly.compile(bytesOf(WASM_TEXT));
    const made: { instance: WebAssembly.Instance } | WebAssembly.Instance = await instantiate(
      (module ?? compiled) as WebAssembly.Module,
    );
    return backendOf('instance' in made ? made.instance : made, module !== undefined);
  } catch (error) {
    throw unavailable(error, module !== undefined);
  }
}

/** This backend as an entry bundles it. */
export const wasm = {
  create: createWasmBackend,
  createAsync: createWasmBackendAsync,
  hash: WASM_SHA256,
  compiler: COMPILER,
};
