// Linear memory that modules import: one WebAssembly.Memory for all packs of an engine.

import type { Memory } from '../../kernels/memory.js';

export class WasmMemory implements Memory {
  readonly wasm: WebAssembly.Memory;
  f64!: Float64Array;
  f32!: Float32Array;
  /** Where the constants of all modules end: the core's lie below 8192, those of further layers above. */
  readonly base = 16384;

  constructor() {
    // The page that holds those constants.
    // Without what someone may have added to Object.prototype.
    this.wasm = new WebAssembly.Memory({ __proto__: null, initial: 1 } as WebAssembly.MemoryDescriptor);
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

  #view(): void {
    const { buffer } = this.wasm;
    this.f64 = new Float64Array(buffer);
    this.f32 = new Float32Array(buffer);
  }
}
