// The WebAssembly backend: each pack's module over one memory, compiled when it is first put on it.

import type { CORE } from '../../kernels/core.js';
import { type Embedded, FELL_BACK, type KernelModule, type Pack, type PackName } from '../../kernels/pack.js';
import { Backend } from '../backend.js';
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
  /** Whether other packs than the core may run in TypeScript where their modules cannot be had. */
  readonly fallback: boolean;
}

type Own = WebAssembly.Exports & { work_bytes(): number };

function backendOf(memory: WasmMemory, instance: WebAssembly.Instance, options: WasmOptions): Backend {
  const { embedded, modules, reason, fallback } = options;
  const core = kernelsIn<typeof CORE>(instance, embedded);
  const own = instance.exports as Own;
  return new Backend({
    name: 'wasm',
    reason,
    memory,
    workBytes: own.work_bytes(),
    core,
    embedded: modules.core ? undefined : embedded,
    place<Lines>({ name, reference, embedded }: Pack<Lines>) {
      const given = modules[name];
      const module = embedded as Embedded;
      try {
        return [kernelsIn<Lines>(instantiate(module, given, memory.wasm), module)];
      } catch (cause) {
        const error = unavailable(cause, name, module, given);
        if (!fallback || given || !reference) throw error;
        return [reference(memory), FELL_BACK + error.message];
      }
    },
  });
}

/** A backend with memory of its own, at once. @throws {BackendUnavailableError} with the host's reason as `cause` */
export function createWasmBackend(options: WasmOptions): Backend {
  const { embedded, modules } = options;
  try {
    const memory = new WasmMemory();
    return backendOf(memory, instantiate(embedded, modules.core, memory.wasm), options);
  } catch (error) {
    throw unavailable(error, 'core', embedded, modules.core);
  }
}

/** The same without blocking. */
export async function createWasmBackendAsync(options: WasmOptions): Promise<Backend> {
  const { embedded, modules } = options;
  try {
    const memory = new WasmMemory();
    return backendOf(memory, await instantiateAsync(embedded, modules.core, memory.wasm), options);
  } catch (error) {
    throw unavailable(error, 'core', embedded, modules.core);
  }
}

/** This backend as an entry bundles it, beside the core's module. */
export const wasm = { create: createWasmBackend, createAsync: createWasmBackendAsync };
