// The memory that a call over shared tiles needs while it is underway: one for all networks of an engine, kept for the next call.

import { Block } from '../memory/block.js';
import type { Heap } from '../memory/heap.js';

export class Room {
  /** Of each chunk its sum, and of each thread those underway. */
  readonly sums: Block;
  readonly stacks: Block;
  /** Of all rows, or those that are made at once; and sums of tiles' losses. */
  readonly outputs: Block;
  readonly totals: Block;
  /** Of X, y and weights. */
  readonly copies: readonly Block[];

  constructor(heap: Heap) {
    const block = () => new Block(heap, 0);
    this.sums = block();
    this.stacks = block();
    this.outputs = block();
    this.totals = block();
    this.copies = [block(), block(), block()];
  }

  dispose(): void {
    for (const block of [this.sums, this.stacks, this.outputs, this.totals, ...this.copies]) block.dispose();
  }
}

/** Where rooms lie that are not in use: one, which is let go when memory is short. A call within a call, of a loss, finds none. */
export class Shelf {
  readonly #heap: Heap;
  #kept: Room | undefined;

  constructor(heap: Heap) {
    this.#heap = heap;
    heap.spare = () => this.clear();
  }

  /** Calls `work` with room for it. @returns false if there is none */
  lend(work: (room: Room) => boolean): boolean {
    let room = this.#kept;
    this.#kept = undefined;
    try {
      room ??= new Room(this.#heap);
    } catch {
      return false;
    }
    try {
      return work(room);
    } finally {
      this.clear();
      this.#kept = room;
    }
  }

  clear(): void {
    this.#kept?.dispose();
    this.#kept = undefined;
  }
}
