import { ValueError } from './errors.js';
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
  /** How many use it for longer than a call. */
  #holders = 0;

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

  /** Keeps it from being disposed of, until unhold() is called as often. */
  hold(): void {
    this.#holders++;
  }

  unhold(): void {
    this.#holders--;
  }

  /** Gives the memory back; harmless when repeated. @throws {ValueError} while it is held */
  dispose(): void {
    if (this.#disposed) return;
    if (this.#holders > 0) throw new ValueError('a training uses this where it lies: await that, or abort it, first');
    this.#disposed = true;
    forgotten.unregister(this);
    this.#range.heap.release(this.#range.address);
  }
}
