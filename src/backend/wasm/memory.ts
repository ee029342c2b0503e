// Linear memory that modules import: one WebAssembly.Memory for all packs of an engine.

import type { Memory } from '../../kernels/memory.js';

/** What a memory that is shared says it may become: all that 32-bit addresses reach. */
export const MAX_PAGES = 65536;

export class WasmMemory implements Memory {
  readonly wasm: WebAssembly.Memory;
  readonly shared: WebAssembly.Memory | undefined;
  f64!: Float64Array;
  f32!: Float32Array;
  /** Where the constants of all modules end: the core's lie below 8192, those of further layers above. */
  readonly base = 16384;

  /** @param shared whether other threads are to have it too, or what one of them has of it */
  constructor(shared: boolean | WebAssembly.Memory) {
    // The page that holds those constants.
    // Without what someone may have added to Object.prototype.
    const make = (more: object) =>
      new WebAssembly.Memory({ __proto__: null, initial: 1, ...more } as WebAssembly.MemoryDescriptor);
    if (typeof shared === 'object') this.shared = shared;
    else if (shared) {
      try {
        this.shared = make({ maximum: MAX_PAGES, shared });
      } catch {
        // A host that has no addresses for so much: this thread works alone.
      }
    }
    this.wasm = this.shared ?? make({});
    this.#view();
  }

  get byteLength(): number {
    return this.wasm.buffer.byteLength;
  }

  grow(bytes: number): void {
    const pages = Math.ceil((bytes - this.byteLength) / 65536);
    if (pages <= 0) return;
    this.wasm.grow(pages);
    this.#view();
  }

  /** Another thread may have made it grow. */
  look(): void {
    if (this.byteLength !== this.f64.byteLength) this.#view();
  }

  #view(): void {
    const { buffer } = this.wasm;
    this.f64 = new Float64Array(buffer);
    this.f32 = new Float32Array(buffer);
  }
}
