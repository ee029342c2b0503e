import { OutOfMemoryError } from './errors.js';
import { type Memory, SLACK } from './kernels.js';

const ALIGN = 64; // a cache line
const PAGE = 65536;
/** What 32-bit addresses reach, less a page so that no end of a range wraps to 0; the limit in both backends. */
const MAX_BYTES = 65535 * PAGE;

/** Hands out aligned ranges of a linear memory: first fit, neighbours joined when freed. */
export class Heap {
  readonly #memory: Memory;
  /** Free ranges by ascending address; the space behind `#end` is free too. */
  readonly #free: { address: number; bytes: number }[] = [];
  readonly #used = new Map<number, number>();
  #end: number;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#end = Math.ceil(memory.base / ALIGN) * ALIGN;
  }

  /** The address of `bytes` fresh bytes, their content unspecified. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
    const index = this.#free.findIndex((range) => range.bytes >= size);
    const range = this.#free[index];
    let address: number;
    if (range) {
      address = range.address;
      range.address += size;
      range.bytes -= size;
      if (range.bytes === 0) this.#free.splice(index, 1);
    } else {
      address = this.#end;
      this.#reach(address + size + SLACK, bytes);
      this.#end = address + size;
    }
    this.#used.set(address, size);
    return address;
  }

  /** Gives a range back; its address came from allocate(). */
  release(address: number): void {
    const bytes = this.#used.get(address) ?? 0;
    this.#used.delete(address);
    const free = this.#free;
    let at = free.findIndex((range) => range.address > address);
    if (at < 0) at = free.length;
    free.splice(at, 0, { address, bytes });
    this.#join(at);
    this.#join(at - 1);
    const last = free.at(-1);
    if (last && last.address + last.bytes === this.#end) {
      this.#end = last.address;
      free.pop();
    }
  }

  #join(index: number): void {
    const range = this.#free[index];
    const next = this.#free[index + 1];
    if (range && next && range.address + range.bytes === next.address) {
      range.bytes += next.bytes;
      this.#free.splice(index + 1, 1);
    }
  }

  #reach(end: number, wanted: number): void {
    const memory = this.#memory;
    if (end <= memory.byteLength) return;
    if (!(end <= MAX_BYTES)) {
      throw new OutOfMemoryError(
        `${wanted} more bytes do not fit: linear memory ends at ${MAX_BYTES} bytes (just under 4 GiB), ${this.#end} of them in use`,
      );
    }
    // A quarter more than needed, so that many small allocations grow it seldom; just enough where that is refused.
    const generous = Math.min(MAX_BYTES, Math.max(end, Math.ceil(memory.byteLength * 1.25)));
    try {
      memory.grow(generous);
    } catch (error) {
      if (generous === end) throw error;
      memory.grow(end);
    }
  }
}
