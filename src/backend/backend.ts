// A backend: a memory, and the packs of kernels that are put on it.

import type { DtypeKernels } from '../kernels/core.js';
import type { Memory } from '../kernels/memory.js';
import type { Embedded, Pack, PackName } from '../kernels/pack.js';
import type { Both } from '../kernels/table.js';

/** Where a pack of kernels runs, and why there. */
export interface PackInfo {
  /** undefined: the pack is not loaded yet. */
  readonly backend: 'wasm' | 'ts' | undefined;
  readonly reason: string;
}

export interface Backend {
  readonly name: 'wasm' | 'ts';
  readonly memory: Memory;
  /** Bytes of scratch memory for the kernels that take some. */
  readonly workBytes: number;
  /** The core's kernels. */
  readonly core: { readonly f64: DtypeKernels; readonly f32: DtypeKernels };
  /** The core's module, if it is the embedded one that runs. */
  readonly embedded?: Embedded;
  readonly packs: Readonly<Record<PackName, PackInfo>>;
  /**
   * A pack's kernels over this memory, made once.
   *
   * @throws {BackendUnavailableError} if they must run in WebAssembly and do not
   */
  put<Lines>(pack: Pack<Lines>): Both<Lines>;
}

/** What is known of the packs when the core runs. */
export const packsOf = (backend: 'wasm' | 'ts', reason: string): Record<PackName, PackInfo> => ({
  core: { backend, reason },
  training: { backend: undefined, reason: 'not loaded yet: the first training loads it' },
});
