import type { Heap } from './heap.js';

/** Frees what was collected without dispose(). */
const forgotten = new FinalizationRegistry<Range>(({ heap, address }) => heap.release(address));

interface Range {
  readonly heap: Heap;
  address: number;
}

/** A range of linear memory that belongs to one owner: freed by dispose(), or when it is collected. */
export class Block {
  readonly #range: Range;
  #bytes: number;
  #disposed = false;

  constructor(heap: Heap, bytes: number) {
    this.#range = { heap, address: heap.allocate(bytes) };
    this.#bytes = bytes;
    forgotten.register(this, this.#range, this);
  }

  get address(): number {
    return this.#range.address;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Makes room for at least `bytes`; what was in it is lost if that moves it. */
  reach(bytes: number): void {
    if (bytes <= this.#bytes) return;
    const range = this.#range;
    const fresh = range.heap.allocate(bytes);
    range.heap.release(range.address);
    range.address = fresh;
    this.#bytes = bytes;
  }

  /** Gives the memory back; harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    forgotten.unregister(this);
    this.#range.heap.release(this.#range.address);
  }
}
