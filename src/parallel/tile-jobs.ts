// Jobs over the tiles of a network's call: their calls as a list for each thread, over memory that all of them see.

import { TILE } from '../kernels/contract.js';
import type { LayerKernels } from '../layers/activation.js';
import type { Rows } from '../matrix/rows.js';
import type { Block } from '../memory/block.js';
import { kernelsFor } from '../network/passes.js';
import type { Tiles } from '../network/tiles.js';
import type { Crew } from './crew.js';
import { OwnPasses } from './own-passes.js';
import { HEAD, JOB, LIST_NUMBERS, LISTS, WORD } from './protocol.js';
import { Recorder } from './record.js';
import type { Room } from './room.js';

/** Chunks for each thread, so that none waits long for another. */
export const CHUNKS = 6;
/** The chunks' sums take no more than this: of larger networks there are fewer. */
export const SUMS_BYTES = 256 << 20;
/** What does not lie in linear memory is copied there, if it has no more. */
export const COPIED_BYTES = 64 << 20;

interface Helper {
  readonly recorder: Recorder;
  readonly passes: OwnPasses;
}

/** Jobs over the tiles of a network. */
export class TileJobs {
  protected readonly tiles: Tiles;
  protected readonly crew: Crew;
  protected readonly kernels: LayerKernels;
  /** Of this thread. */
  protected readonly passes: OwnPasses;
  /** Of each other thread. */
  readonly #helpers: Helper[] = [];
  readonly #key: number[] = [];
  #version = -1;
  /** Whether tiles' calls were found to differ in more than threads can know. */
  protected refused = false;

  constructor(tiles: Tiles, crew: Crew) {
    const { session, plan, parameters } = tiles;
    this.tiles = tiles;
    this.crew = crew;
    this.kernels = kernelsFor(session, plan);
    this.passes = new OwnPasses(session, plan, parameters, this.kernels);
  }

  /**
   * Makes room, which may grow memory; false, and never again, if there is too little for threads: one needs less.
   *
   * @param blocks and how many bytes each must have
   */
  protected reserve(blocks: readonly (readonly [Block, number])[]): boolean {
    try {
      this.#ready();
      for (const [block, bytes] of blocks) block.reach(bytes);
      return true;
    } catch {
      this.refused = true;
      return false;
    }
  }

  /** What all threads need, those too that are not there yet: they may be a moment later. */
  #ready(): void {
    const { session, plan, parameters } = this.tiles;
    for (const { pack } of [...plan.layers, plan.loss]) if (pack) this.crew.tell(pack.name);
    this.passes.reserve(TILE);
    while (this.#helpers.length < this.crew.count - 1) {
      const recorder = new Recorder(this.kernels, plan.dtype);
      const work = this.crew.workOf(this.#helpers.length + 1);
      const passes = new OwnPasses(session, plan, parameters, recorder.kernels as LayerKernels, work);
      passes.reserve(TILE);
      this.#helpers.push({ recorder, passes });
    }
  }

  /** Bytes that are copied because they do not lie in linear memory; Infinity if those are too many. */
  #copiedOf(source: Rows): number {
    if (source.rows === 0 || source.resident) return 0;
    const size = source.rows * source.cols * this.tiles.bytes;
    return size > COPIED_BYTES ? Infinity : size;
  }

  /** Brings what was read to where all threads see it. @param more blocks, and how many bytes each must have */
  protected settle({ copies }: Room, more: readonly (readonly [Block, number])[]): boolean {
    const { x, y, w, session, plan, bytes } = this.tiles;
    const sources = [x, y, w];
    const blocks = [...more, ...sources.map((source, i) => [copies[i], this.#copiedOf(source)] as const)];
    if (blocks.some(([, size]) => size > SUMS_BYTES + COPIED_BYTES) || !this.reserve(blocks)) return false;
    for (const [i, source] of sources.entries()) {
      if (this.#copiedOf(source) === 0) continue;
      const { address } = copies[i];
      source.copyTo(session.view(plan.dtype), address / bytes, 0, source.rows);
      source.place(address, source.rows);
    }
    return true;
  }

  /** Writes each thread's list, unless it is the one that they have. @param key what it depends on */
  protected write(key: readonly number[], make: (passes: OwnPasses, tile: number, to: number) => void): boolean {
    const known = this.crew.listsOf === this;
    if (known && key.length === this.#key.length && key.every((each, i) => each === this.#key[i])) return true;
    const { numbers } = this.crew;
    this.crew.listsOf = this;
    this.#key.length = 0;
    this.#version = this.crew.nextVersion;
    for (const [i, { recorder, passes }] of this.#helpers.entries()) {
      const at = LISTS + (i + 1) * LIST_NUMBERS;
      numbers[HEAD.lists + i + 1] = at;
      if (!recorder.write(numbers, at, (tile, to) => make(passes, tile, to))) return false;
    }
    this.#key.push(...key);
    return true;
  }

  /** Has a job done; false if one thread must do all of it, which says what is wrong first of all. */
  protected run(kind: number, total: number, each: number, own: (chunk: number) => void, rest: () => void): boolean {
    const { numbers, words } = this.crew;
    const chunks = Math.ceil(total / each);
    numbers[HEAD.kind] = kind;
    numbers[HEAD.total] = total;
    numbers[HEAD.each] = each;
    numbers[HEAD.version] = this.#version;
    Atomics.store(words, WORD.wrong, 0);
    try {
      // Who is lost has written what it would be: all of it once more.
      if (!this.crew.run(chunks, own, rest)) for (let chunk = 0; chunk < chunks; chunk++) own(chunk);
    } catch (error) {
      if (this.crew.over) throw error;
      return false;
    }
    return Atomics.load(words, WORD.wrong) === 0;
  }

  /** Calls `make` for all tiles, in any order; false: as run() has it. */
  protected apart(
    key: readonly number[],
    rows: number,
    make: (passes: OwnPasses, from: number, count: number) => void,
  ): boolean {
    const whole = Math.floor(rows / TILE);
    const each = Math.max(1, Math.ceil(whole / (this.crew.size * CHUNKS)));
    if (!this.write([JOB.tiles, ...key], (passes, i) => make(passes, i * TILE, TILE))) {
      this.refused = true;
      return false;
    }
    const own = (chunk: number) => {
      const end = Math.min(whole, (chunk + 1) * each);
      for (let i = chunk * each; i < end; i++) make(this.passes, i * TILE, TILE);
    };
    const rest = () => {
      if (rows % TILE) make(this.passes, whole * TILE, rows % TILE);
    };
    return this.run(JOB.tiles, whole, each, own, rest);
  }

  dispose(): void {
    this.passes.dispose();
    for (const { passes } of this.#helpers) passes.dispose();
  }
}
