// The WebAssembly backend: each pack's module over one memory, compiled when it is first put on it.

import type { CORE, DtypeKernels } from '../../kernels/core.js';
import type { Embedded, KernelModule, Pack, PackName } from '../../kernels/pack.js';
import type { Both } from '../../kernels/table.js';
import { type Backend, type PackInfo, packsOf } from '../backend.js';
import { WasmMemory } from './memory.js';
import { instantiate, instantiateAsync, kernelsIn, unavailable } from './module.js';

/** How an engine wants its modules. */
export interface WasmOptions {
  /** The core's module. */
  readonly embedded: Embedded;
  /** Modules to instantiate instead of the embedded ones. Each insists that its pack runs in WebAssembly. */
  readonly modules: Partial<Record<PackName, KernelModule>>;
  /** Why it is WebAssembly. */
  readonly reason: string;
  /** Whether other packs than the core may run in TypeScript where their modules cannot. */
  readonly fallback: boolean;
}

type Own = WebAssembly.Exports & { heap_base(): number; work_bytes(): number };

class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly memory: WasmMemory;
  readonly workBytes: number;
  readonly core: { f64: DtypeKernels; f32: DtypeKernels };
  readonly embedded: Embedded | undefined;
  readonly packs: Record<PackName, PackInfo>;
  readonly #options: WasmOptions;
  readonly #made = new Map<PackName, Both<never>>();

  constructor(memory: WasmMemory, instance: WebAssembly.Instance, options: WasmOptions) {
    const { embedded, modules } = options;
    this.memory = memory;
    this.core = kernelsIn<typeof CORE>(instance, embedded, memory.wasm);
    const own = instance.exports as Own;
    memory.base = own.heap_base();
    this.workBytes = own.work_bytes();
    this.embedded = modules.core === undefined ? embedded : undefined;
    this.packs = packsOf('wasm', options.reason);
    this.#options = options;
  }

  put<Lines>(pack: Pack<Lines>): Both<Lines> {
    const { name } = pack;
    let made = this.#made.get(name) as Both<Lines> | undefined;
    if (!made) {
      made = this.#place(pack, this.#options);
      this.#made.set(name, made as Both<never>);
    }
    return made;
  }

  #place<Lines>({ name, reference, embedded }: Pack<Lines>, { modules, fallback, reason }: WasmOptions): Both<Lines> {
    const { memory, packs } = this;
    const given = modules[name];
    try {
      const module = embedded as Embedded;
      const kernels = kernelsIn<Lines>(instantiate(module, given, memory.wasm), module, memory.wasm);
      packs[name] = { backend: 'wasm', reason };
      return kernels;
    } catch (cause) {
      const error = unavailable(cause, name, embedded as Embedded, given !== undefined);
      if (!fallback || given !== undefined || !reference) throw error;
      packs[name] = { backend: 'ts', reason: `fell back to TypeScript: ${error.message}` };
      return reference(memory);
    }
  }
}

/** A backend with memory of its own, at once. @throws {BackendUnavailableError} with the host's reason as `cause` */
export function createWasmBackend(options: WasmOptions): Backend {
  const { embedded, modules } = options;
  try {
    const memory = new WasmMemory();
    return new WasmBackend(memory, instantiate(embedded, modules.core, memory.wasm), options);
  } catch (error) {
    throw unavailable(error, 'core', embedded, modules.core !== undefined);
  }
}

/** The same without blocking. */
export async function createWasmBackendAsync(options: WasmOptions): Promise<Backend> {
  const { embedded, modules } = options;
  try {
    const memory = new WasmMemory();
    return new WasmBackend(memory, await instantiateAsync(embedded, modules.core, memory.wasm), options);
  } catch (error) {
    throw unavailable(error, 'core', embedded, modules.core !== undefined);
  }
}

/** This backend as an entry bundles it, beside the core's module. */
export const wasm = { create: createWasmBackend, createAsync: createWasmBackendAsync };
