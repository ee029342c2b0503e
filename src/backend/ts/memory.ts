import { markUntransferable } from '../../host/runtime.js';
import type { Memory } from '../../kernels/memory.js';

/** Linear memory without WebAssembly: one ArrayBuffer, replaced when it grows. */
export class BufferMemory implements Memory {
  readonly base = 64;
  f64: Float64Array;
  f32: Float32Array;
  #buffer: ArrayBuffer;

  constructor() {
    this.#buffer = new ArrayBuffer(65536);
    this.f64 = new Float64Array(this.#buffer);
    this.f32 = new Float32Array(this.#buffer);
  }

  get byteLength(): number {
    return this.#buffer.byteLength;
  }

  grow(bytes: number): void {
    if (bytes <= this.byteLength) return;
    const next = new ArrayBuffer(Math.ceil(bytes / 65536) * 65536);
    new Uint8Array(next).set(new Uint8Array(this.#buffer));
    // Nobody has a view of the old one: see Heap.
    this.#buffer = next;
    this.f64 = new Float64Array(next);
    this.f32 = new Float32Array(next);
  }

  /** As WebAssembly's memory is. */
  pin(): void {
    markUntransferable(this.#buffer);
  }
}
