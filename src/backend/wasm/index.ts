// The WebAssembly backend: each pack's module over one memory, compiled when it is first put on it.

import type { CORE } from '../../kernels/core.js';
import {
  type Embedded,
  FELL_BACK,
  type KernelModule,
  type Modules,
  type Pack,
  type PackName,
} from '../../kernels/pack.js';
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
  /** Whether other threads are to have its memory too; not with modules that were compiled elsewhere, which say that it is not shared. */
  readonly shared: boolean;
}

type Own = WebAssembly.Exports & { work_bytes(): number };

function backendOf(
  memory: WasmMemory,
  [instance, module]: [WebAssembly.Instance, WebAssembly.Module],
  options: WasmOptions,
): Backend {
  const { embedded, modules, reason, fallback } = options;
  const own: Modules = { core: module };
  const core = kernelsIn<typeof CORE>(instance, embedded);
  const { work_bytes } = instance.exports as Own;
  return new Backend({
    name: 'wasm',
    reason,
    memory,
    workBytes: work_bytes(),
    modules: own,
    core,
    embedded: modules.core ? undefined : embedded,
    place<Lines>({ name, reference, embedded }: Pack<Lines>) {
      const given = modules[name];
      const from = embedded as Embedded;
      try {
        const [instance, module] = instantiate(from, given, memory);
        own[name] = module;
        return [kernelsIn<Lines>(instance, from)];
      } catch (cause) {
        const error = unavailable(cause, name, from, given);
        if (!fallback || given || !reference) throw error;
        return [reference(memory), FELL_BACK + error.message];
      }
    },
  });
}

/** A backend with memory of its own, at once. @throws {BackendUnavailableError} with the host's reason as `cause` */
export function createWasmBackend(options: WasmOptions): Backend {
  const { embedded, modules, shared } = options;
  try {
    const memory = new WasmMemory(shared);
    return backendOf(memory, instantiate(embedded, modules.core, memory), options);
  } catch (error) {
    throw unavailable(error, 'core', embedded, modules.core);
  }
}

/** The same without blocking. */
export async function createWasmBackendAsync(options: WasmOptions): Promise<Backend> {
  const { embedded, modules, shared } = options;
  try {
    const memory = new WasmMemory(shared);
    return backendOf(memory, await instantiateAsync(embedded, modules.core, memory), options);
  } catch (error) {
    throw unavailable(error, 'core', embedded, modules.core);
  }
}

/** This backend as an entry bundles it, beside the core's module. */
export const wasm = { create: createWasmBackend, createAsync: createWasmBackendAsync };
