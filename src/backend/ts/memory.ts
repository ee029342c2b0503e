import { markUntransferable } from '../../host/runtime.js';
import type { Memory } from '../../kernels/memory.js';

interface Growing {
  new (bytes: number, options: { maxByteLength: number }): SharedArrayBuffer & { readonly growable?: boolean };
}

/** Of which other threads have the same, and that can grow; undefined where there is none. Addresses alone are reserved. */
function growing(): SharedArrayBuffer | undefined {
  try {
    const buffer = new (SharedArrayBuffer as unknown as Growing)(65536, { maxByteLength: 65535 * 65536 });
    return buffer.growable ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** Linear memory without WebAssembly: one ArrayBuffer, replaced when it grows; or one that is shared, which grows by itself. */
export class BufferMemory implements Memory {
  readonly base = 64;
  readonly shared: SharedArrayBuffer | undefined;
  f64!: Float64Array;
  f32!: Float32Array;
  #buffer!: ArrayBufferLike;

  /** @param shared whether other threads are to have it too, or what one of them has of it */
  constructor(shared: boolean | SharedArrayBuffer) {
    this.shared = shared === true ? growing() : shared || undefined;
    this.#view(this.shared ?? new ArrayBuffer(65536));
  }

  get byteLength(): number {
    return this.f64.byteLength;
  }

  grow(bytes: number): void {
    if (bytes <= this.byteLength) return;
    const pages = Math.ceil(bytes / 65536) * 65536;
    if (this.shared) {
      (this.shared as unknown as { grow(bytes: number): void }).grow(pages);
      this.#view(this.shared);
      return;
    }
    const next = new ArrayBuffer(pages);
    new Uint8Array(next).set(new Uint8Array(this.#buffer));
    // Nobody has a view of the old one: see Heap.
    this.#view(next);
  }

  /** Another thread may have made it grow. */
  look(): void {
    if (this.byteLength !== this.#buffer.byteLength) this.#view(this.#buffer);
  }

  #view(buffer: ArrayBufferLike): void {
    // Views that grow with their buffer are slower.
    this.#buffer = buffer;
    this.f64 = new Float64Array(buffer, 0, buffer.byteLength / 8);
    this.f32 = new Float32Array(buffer, 0, buffer.byteLength / 4);
  }

  /** As WebAssembly's memory is. */
  pin(): void {
    if (!this.shared) markUntransferable(this.#buffer as ArrayBuffer);
  }
}
