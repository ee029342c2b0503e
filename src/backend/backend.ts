// A backend: a memory, and the packs of kernels that are put on it.

import type { DtypeKernels } from '../kernels/core.js';
import type { Memory } from '../kernels/memory.js';
import type { Embedded, Modules, Pack, PackName } from '../kernels/pack.js';
import type { Both } from '../kernels/table.js';

/** Where a pack of kernels runs, and why there. */
export interface PackInfo {
  /** undefined: the pack is not loaded yet, or cannot be. */
  readonly backend: 'wasm' | 'ts' | undefined;
  /** In words. */
  readonly reason: string;
}

/** What a backend has from the beginning. */
interface Core {
  readonly name: 'wasm' | 'ts';
  /** Why it is this one. */
  readonly reason: string;
  readonly memory: Memory;
  /** Bytes of scratch memory for the kernels that take some. */
  readonly workBytes: number;
  /** The core's kernels. */
  readonly core: { readonly f64: DtypeKernels; readonly f32: DtypeKernels };
  /** The core's module, if it is the embedded one that runs. */
  readonly embedded?: Embedded;
  /** Those that run, for other threads: packs that were put on it have theirs here, unless they run in TypeScript. */
  readonly modules?: Modules;
  /** Makes a pack's kernels over the memory; a reason if they run in TypeScript for another one than the core. */
  place<Lines>(pack: Pack<Lines>): readonly [kernels: Both<Lines>, fallen?: string];
}

export class Backend {
  readonly name: Core['name'];
  readonly memory: Memory;
  readonly workBytes: number;
  readonly core: Core['core'];
  readonly embedded: Embedded | undefined;
  readonly modules: Modules;
  readonly packs: Record<PackName, PackInfo>;
  readonly #from: Core;
  readonly #made = new Map<PackName, unknown>();

  constructor(from: Core) {
    const { name, reason } = from;
    this.name = name;
    this.memory = from.memory;
    this.workBytes = from.workBytes;
    this.core = from.core;
    this.embedded = from.embedded;
    this.modules = from.modules ?? {};
    const later = { backend: undefined, reason: 'not loaded yet' };
    this.packs = { core: { backend: name, reason }, layers: later, training: later };
    this.#from = from;
  }

  /**
   * A pack's kernels over this memory, made once.
   *
   * @throws {BackendUnavailableError} if they must run in WebAssembly and do not
   */
  put<Lines>(pack: Pack<Lines>): Both<Lines> {
    let made = this.#made.get(pack.name) as Both<Lines> | undefined;
    if (!made) {
      let info: PackInfo = this.packs.core;
      try {
        const [kernels, fallen] = this.#from.place(pack);
        if (fallen) info = { backend: 'ts', reason: fallen };
        this.#made.set(pack.name, kernels);
        made = kernels;
      } catch (error) {
        info = { backend: undefined, reason: (error as Error).message };
        throw error;
      } finally {
        this.packs[pack.name] = info;
      }
    }
    return made;
  }
}
