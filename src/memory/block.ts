import { ValueError } from '../checks/errors.js';
import type { TypedArray } from '../kernels/contract.js';
import type { Heap } from './heap.js';

/** What a range of linear memory belongs to: it is free once nothing refers to this any more. */
type Owner = object;

/** Views that were handed out keep their range from being given to anyone else. */
const owners = new WeakMap<object, Owner>();

/** A part of a view that was handed out, which keeps the range too. */
function subarray(this: TypedArray, begin?: number, end?: number): TypedArray {
  const part = (Object.getPrototypeOf(this) as Float64Array).subarray.call(this as Float64Array, begin, end);
  return keep(part, owners.get(this) as Owner);
}

function keep(view: TypedArray, owner: Owner): TypedArray {
  owners.set(view, owner);
  // Not enumerable, so that the view is like any other of its kind.
  return Object.defineProperty(view, 'subarray', { value: subarray, configurable: true });
}

/**
 * A range of linear memory that belongs to one owner: freed by dispose(), or when owner and views are collected. Of a range
 * of which views were handed out, only that frees it: a view that someone kept is never another's memory.
 */
export class Block {
  readonly #heap: Heap;
  #owner: Owner | undefined;
  #address: number;
  #bytes: number;
  #lent = false;
  #holds = 0;

  constructor(heap: Heap, bytes: number) {
    this.#heap = heap;
    this.#bytes = bytes;
    this.#address = this.#take(bytes);
  }

  #take(bytes: number): number {
    const address = this.#heap.allocate(bytes);
    this.#owner = {};
    this.#heap.own(address, this.#owner);
    return address;
  }

  get address(): number {
    return this.#address;
  }

  get disposed(): boolean {
    return this.#owner === undefined;
  }

  /** Makes room for at least `bytes`; what was in it is lost if that moves it. Of blocks that were never lent. */
  reach(bytes: number): void {
    if (bytes > this.#bytes) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const [address, owner] = [this.#address, this.#owner];
    this.#address = this.#take(bytes);
    this.#heap.release(address, owner);
    this.#bytes = bytes;
  }

  /** Hands out a view of it, which the caller may keep as long as he likes. Memory must be settled. */
  lend(view: TypedArray): TypedArray {
    this.#lent = true;
    return keep(view, this.#owner as Owner);
  }

  /** Refuses dispose() until unhold() was called as often. */
  hold(): void {
    this.#holds++;
  }

  unhold(): void {
    this.#holds--;
  }

  /** Gives the memory back; harmless when repeated. @throws {ValueError} while a training holds it */
  dispose(): void {
    const owner = this.#owner;
    if (!owner) return;
    if (this.#holds > 0) {
      throw new ValueError('a training uses this where it lies: await that, or abort it, first');
    }
    this.#owner = undefined;
    if (!this.#lent) this.#heap.release(this.#address, owner);
  }
}
