import { OutOfMemoryError } from '../checks/errors.js';
import { collect, endJob, tellOfMemory } from '../host/pressure.js';
import { SLACK } from '../kernels/contract.js';
import type { Memory } from '../kernels/memory.js';

/** Ranges begin on cache lines. */
export const ALIGN = 64;

/** So many bytes and what is left of their last cache line. */
export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

const PAGE = 65536;
/** What 32-bit addresses reach, less a page so that no end of a range wraps to 0; the limit in both backends. */
export const MAX_BYTES = 65535 * PAGE;
/**
 * What is reserved unless a limit was given, or twice what is in use already, if that is more. Not all that there can be: some
 * hosts count it as taken (Windows), and whoever clones a view by mistake clones all of it.
 */
const RESERVED_BYTES = 1 << 30;
/** The host's collector is told of linear memory in steps of so many bytes. */
const TOLD_BYTES = 64 << 20;
/** Smaller ranges are left to the registry: objects fill the host's memory before such ranges fill this one. */
const SWEPT_BYTES = 1024;
/** A job that took so much more than it gave back is ended for the collector's sake. */
const JOB_BYTES = 4 * TOLD_BYTES;
/** How often it is made to collect when memory has run out. */
const TRIES = 3;

/** A range in use; its owner, when that can be collected, frees it by being so. */
interface Used {
  readonly address: number;
  readonly bytes: number;
  owner?: WeakRef<object>;
}

/** Frees the ranges whose owners were collected; where hosts do not say that, dispose() alone does. */
const collected =
  globalThis.FinalizationRegistry &&
  new FinalizationRegistry<{ heap: Heap; used: Used }>(({ heap, used }) => heap.free(used));

/**
 * Hands out aligned ranges of a linear memory: first fit, neighbours joined when freed.
 *
 * Growing memory detaches every view of it, so it grows only as long as no view was handed out. Before the first one is,
 * settle() reserves all that memory may ever have: addresses, of which the host takes real memory page by page as they are used.
 */
export class Heap {
  readonly #memory: Memory;
  readonly #limit: number;
  readonly #given: boolean;
  /** Free ranges by ascending address; the space behind `#end` is free too. */
  readonly #free: { address: number; bytes: number }[] = [];
  readonly #used = new Map<number, Used>();
  #end: number;
  /** The furthest that `#end` has been. */
  #touched: number;
  #settled = false;
  /** Bytes that were taken and not given back since the collector was told, and since a job was ended. */
  #untold = 0;
  #unended = 0;
  /** Gives back what is kept for later calls. */
  spare: (() => void) | undefined;

  /** @param limit the most bytes, base included, all of which are reserved; default: as many as there can be */
  constructor(memory: Memory, limit?: number) {
    this.#memory = memory;
    this.#limit = Math.max(limit ?? MAX_BYTES, memory.byteLength);
    this.#given = limit !== undefined;
    this.#end = aligned(memory.base);
    this.#touched = memory.byteLength;
  }

  /** Bytes that were ever used, in whole pages: what the host has had to provide. */
  get touchedBytes(): number {
    return Math.ceil(this.#touched / PAGE) * PAGE;
  }

  /** How many there may be. */
  get limitBytes(): number {
    return this.#settled ? this.#memory.byteLength : this.#limit;
  }

  /** The address of `bytes` fresh bytes, their content unspecified. */
  allocate(bytes: number): number {
    const size = Math.max(ALIGN, aligned(bytes));
    const address = this.#find(size) ?? this.#extend(size, bytes);
    this.#used.set(address, { address, bytes: size });
    this.#untold += size;
    if (this.#untold >= TOLD_BYTES) this.#tell();
    return address;
  }

  /** Lets a range go when `owner` is collected. */
  own(address: number, owner: object): void {
    if (!collected) return;
    const used = this.#used.get(address) as Used;
    if (used.bytes >= SWEPT_BYTES) used.owner = new WeakRef(owner);
    collected.register(owner, { heap: this, used }, owner);
  }

  /** Gives a range back at once; its address came from allocate(). */
  release(address: number, owner?: object): void {
    if (owner) collected?.unregister(owner);
    this.free(this.#used.get(address) as Used);
  }

  /** @internal */
  free(used: Used): void {
    const { address, bytes } = used;
    if (this.#used.get(address) !== used) return; // a sweep was faster than the registry
    this.#used.delete(address);
    this.#untold = Math.max(0, this.#untold - bytes);
    const free = this.#free;
    let at = free.findIndex((range) => range.address > address);
    if (at < 0) at = free.length;
    free.splice(at, 0, { address, bytes });
    this.#join(at);
    this.#join(at - 1);
    const last = free[free.length - 1];
    if (last && last.address + last.bytes === this.#end) {
      this.#end = last.address;
      free.pop();
    }
  }

  /**
   * Makes memory as large as it may become, once and for all: from now on views of it stay attached. Where the host refuses
   * so much it is half of that, and so on.
   */
  settle(): void {
    if (this.#settled) return;
    const memory = this.#memory;
    const enough = Math.max(RESERVED_BYTES, 2 * memory.byteLength);
    let bytes = this.#given ? this.#limit : Math.min(this.#limit, enough);
    while (bytes > memory.byteLength && this.#refusal(bytes)) bytes /= 2;
    this.#settled = true;
    memory.pin?.();
  }

  /** The first free range that is large enough. */
  #find(size: number): number | undefined {
    const index = this.#free.findIndex((range) => range.bytes >= size);
    const range = this.#free[index];
    if (!range) return undefined;
    const { address } = range;
    range.address += size;
    range.bytes -= size;
    if (range.bytes === 0) this.#free.splice(index, 1);
    return address;
  }

  /** A range behind all others. */
  #extend(size: number, wanted: number): number {
    try {
      this.#reach(this.#end + size + SLACK, wanted);
    } catch (error) {
      if (size > this.limitBytes) throw error;
      const found = this.#collect(size);
      if (found === undefined) throw error;
      return found;
    }
    const address = this.#end;
    this.#end = address + size;
    this.#touched = Math.max(this.#touched, this.#end);
    return address;
  }

  /** Frees what was collected since the last time, and tells the collector of what was taken since. */
  #tell(): void {
    this.#sweep();
    this.#unended += this.#untold;
    if (this.#unended >= JOB_BYTES) {
      endJob();
      this.#unended = 0;
    }
    tellOfMemory(this.#untold);
    this.#untold = 0;
  }

  /** The registry's work, which it does between jobs alone. Whom it asks for lives until the job ends. */
  #sweep(): void {
    for (const used of [...this.#used.values()]) if (used.owner && !used.owner.deref()) this.free(used);
  }

  /** A range among those whose owners are garbage: nothing frees them while a loop runs that never waits for anything. */
  #collect(size: number): number | undefined {
    this.spare?.();
    for (let tries = 0; tries < TRIES; tries++) {
      collect();
      this.#sweep();
      const found = this.#find(size);
      if (found !== undefined) return found;
      if (this.#end + size + SLACK <= this.#memory.byteLength) return this.#extend(size, size);
    }
    return undefined;
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
    const limit = this.limitBytes;
    if (!(end <= limit)) {
      const more = limit < MAX_BYTES ? ', which createEngine({ memoryBytes }) sets' : ' (just under 4 GiB)';
      throw new OutOfMemoryError(
        `${wanted} more bytes do not fit: linear memory ends at ${limit} bytes${more}, ${this.#end} of them in use`,
      );
    }
    // A quarter more than needed, so that many small allocations grow it seldom; just enough where that is refused.
    const generous = Math.min(limit, Math.max(end, Math.ceil(memory.byteLength * 1.25)));
    const cause = this.#refusal(generous) && this.#refusal(end);
    if (cause) throw new OutOfMemoryError(`linear memory cannot grow to ${end} bytes: ${cause.message}`, { cause });
  }

  /** What the host says if memory cannot have so many bytes. */
  #refusal(bytes: number): Error | undefined {
    try {
      this.#memory.grow(bytes);
    } catch (error) {
      return error as Error;
    }
  }
}
