// The tiles of a network's call, shared among threads: each takes chunks, runs of a power of two tiles that are nodes of the
// canonical tree, and the sums of the chunks are merged as that tree has them.

import { TILE, type TypedArray } from '../kernels/contract.js';
import type { LayerKernels } from '../layers/activation.js';
import type { Rows } from '../matrix/rows.js';
import { Block } from '../memory/block.js';
import { kernelsFor, Passes } from '../network/passes.js';
import type { Tiles } from '../network/tiles.js';
import type { Crew } from './crew.js';
import { numberOf } from './kernels.js';
import { HEAD, JOB, LIST_NUMBERS, LISTS } from './protocol.js';
import { Recorder } from './record.js';

/** Chunks for each thread, so that none waits long for another. */
const CHUNKS = 6;
/** The chunks' sums take no more than this: of larger networks there are fewer. */
const SUMS_BYTES = 256 << 20;
/** What does not lie in linear memory is copied there, if it has no more. */
const COPIED_BYTES = 64 << 20;
/** Tiles whose outputs are made before they are copied out, at most. */
const MOST_TILES = 256;

interface Helper {
  readonly recorder: Recorder;
  readonly passes: OwnPasses;
}

/** Passes whose outputs may go elsewhere. */
class OwnPasses extends Passes {
  #own: [h: number, kept: number] | undefined;

  /** @param h where a tile's outputs go; undefined: to the passes' own buffer */
  point(last: number, h: number | undefined): void {
    this.#own ??= [this.h[last], this.kept[last]];
    const [own, kept] = this.#own;
    this.h[last] = h ?? own;
    this.kept[last] = h === undefined || kept !== own ? kept : h;
  }
}

export class SharedTiles {
  readonly #tiles: Tiles;
  readonly #crew: Crew;
  readonly #kernels: LayerKernels;
  /** The same that divide their calls, for what is done between chunks. */
  readonly #divided: LayerKernels;
  /** Of this thread. */
  readonly #passes: OwnPasses;
  /** Of each other thread. */
  readonly #helpers: Helper[] = [];
  readonly #sums: Block;
  readonly #stacks: Block;
  readonly #outputs: Block;
  /** Copies of X, y and weights. */
  readonly #copies: Block[];
  readonly #key: number[] = [];
  #version = -1;
  /** Whether tiles' calls were found to differ in more than threads can know. */
  #refused = false;

  constructor(tiles: Tiles, crew: Crew, team: { divided<K extends object>(kernels: K): K }) {
    const { session, plan, parameters } = tiles;
    this.#tiles = tiles;
    this.#crew = crew;
    this.#kernels = kernelsFor(session, plan);
    this.#divided = team.divided(this.#kernels);
    this.#passes = new OwnPasses(session, plan, parameters, this.#kernels);
    const block = () => new Block(session.heap, 0);
    this.#sums = block();
    this.#stacks = block();
    this.#outputs = block();
    this.#copies = [block(), block(), block()];
  }

  /**
   * Makes room, which may grow memory; false, and never again, if there is too little for threads: one needs less.
   *
   * @param blocks and how many bytes each must have
   */
  #reserve(blocks: readonly (readonly [Block, number])[]): boolean {
    try {
      this.#ready();
      for (const [block, bytes] of blocks) block.reach(bytes);
      return true;
    } catch {
      this.#refused = true;
      return false;
    }
  }

  /** What all threads need, those too that are not there yet: they may be a moment later. */
  #ready(): void {
    const { session, plan, parameters } = this.#tiles;
    for (const { pack } of [...plan.layers, plan.loss]) if (pack) this.#crew.tell(pack.name);
    this.#passes.reserve(TILE);
    while (this.#helpers.length < this.#crew.count - 1) {
      const recorder = new Recorder(this.#kernels, plan.dtype);
      const work = this.#crew.workOf(this.#helpers.length + 1);
      const passes = new OwnPasses(session, plan, parameters, recorder.kernels as LayerKernels, work);
      passes.reserve(TILE);
      this.#helpers.push({ recorder, passes });
    }
  }

  /** Bytes that are copied because they do not lie in linear memory; Infinity if those are too many. */
  #copiedOf(source: Rows): number {
    if (source.rows === 0 || source.resident) return 0;
    const size = source.rows * source.cols * this.#tiles.bytes;
    return size > COPIED_BYTES ? Infinity : size;
  }

  #settle(source: Rows, copy: Block): void {
    if (this.#copiedOf(source) === 0) return;
    const { session, plan, bytes } = this.#tiles;
    source.copyTo(session.view(plan.dtype), copy.address / bytes, 0, source.rows);
    source.place(copy.address, source.rows);
  }

  /** Writes each thread's list, unless it is the one that they have. @param key what it depends on */
  #write(key: readonly number[], make: (passes: OwnPasses, tile: number, to: number) => void): boolean {
    const known = this.#crew.listsOf === this;
    if (known && key.length === this.#key.length && key.every((each, i) => each === this.#key[i])) return true;
    const { numbers } = this.#crew;
    this.#crew.listsOf = this;
    this.#key.length = 0;
    this.#version = this.#crew.nextVersion;
    for (const [i, { recorder, passes }] of this.#helpers.entries()) {
      const at = LISTS + (i + 1) * LIST_NUMBERS;
      numbers[HEAD.lists + i + 1] = at;
      if (!recorder.write(numbers, at, (tile, to) => make(passes, tile, to))) {
        this.#refused = true;
        return false;
      }
    }
    this.#key.push(...key);
    return true;
  }

  sum(to: number, count: number, inputsAt: number): boolean {
    const tiles = this.#tiles;
    const { x, y, w, bytes, rows } = tiles;
    const step = count * bytes;
    // Whole tiles alone go to others: the last one is done here.
    const whole = Math.floor(rows / TILE);
    const { size } = this.#crew;
    let each = 2 ** Math.floor(Math.log2(Math.max(1, whole / (size * CHUNKS))));
    while ((rows / (TILE * each)) * step > SUMS_BYTES) each *= 2;
    const chunks = Math.floor(whole / each);
    if (this.#refused || chunks < 2) return false;
    const all = Math.ceil(rows / (TILE * each));
    const levels = Math.log2(each);
    const sources = [x, y, w];
    const blocks = [
      [this.#sums, all * step],
      [this.#stacks, Math.max(1, this.#crew.count * levels) * step],
      ...sources.map((source, i) => [this.#copies[i], this.#copiedOf(source)] as const),
    ] as const;
    if (blocks.some(([, size]) => size > SUMS_BYTES + COPIED_BYTES) || !this.#reserve(blocks)) return false;
    for (const [i, source] of sources.entries()) this.#settle(source, this.#copies[i]);
    const { numbers } = this.#crew;
    const { seen } = tiles.passes;
    const differs = tiles.plan.layers.some((layer) => layer.differs) ? seen : 0;
    const at = (source: Rows) => (source.rows ? source.tile(0, 1) : 0);
    const key = [at(x), at(y), at(w), inputsAt, count, differs, inputsAt ? tiles.weightTotal : 0];
    const last = tiles.plan.layers.length - 1;
    const make = (passes: OwnPasses, tile: number, to: number) => {
      passes.point(last, undefined);
      passes.seen = seen;
      tiles.makeTile(passes, tile * TILE, TILE, to, count, inputsAt);
    };
    if (!this.#write([JOB.sums, ...key], make)) return false;
    numbers[HEAD.kind] = JOB.sums;
    numbers[HEAD.total] = chunks * each;
    numbers[HEAD.each] = each;
    numbers[HEAD.version] = this.#version;
    numbers[HEAD.sums] = this.#sums.address;
    numbers[HEAD.count] = count;
    numbers[HEAD.bytes] = bytes;
    numbers[HEAD.add] = numberOf('axpy', tiles.plan.dtype);
    for (let i = 1; i < this.#crew.count; i++) numbers[HEAD.stacks + i] = this.#stacks.address + i * levels * step;
    this.#passes.point(last, undefined);
    this.#passes.seen = seen;
    const own = (chunk: number) => this.#sumChunk(chunk, each, count, inputsAt);
    const done = this.#crew.run(chunks, own, () => {
      if (all > chunks) own(chunks);
    });
    // Who is lost has written nothing but sums, and the inputs' gradients, which are what they would be.
    if (!done) for (let chunk = 0; chunk < chunks; chunk++) own(chunk);
    this.#merge(all, count);
    const { session, plan } = tiles;
    const from = this.#sums.address / bytes;
    session.view(plan.dtype).copyWithin(to / bytes, from, from + count);
    return true;
  }

  /** As Tiles sums all. */
  #sumChunk(chunk: number, each: number, count: number, inputsAt: number): void {
    const { rows, bytes } = this.#tiles;
    const { axpy } = this.#kernels;
    const step = count * bytes;
    const to = this.#sums.address + chunk * step;
    const stack = this.#stacks.address - step;
    const first = chunk * each * TILE;
    const end = Math.min(rows, first + each * TILE);
    const at = (depth: number) => (depth === 0 ? to : stack + depth * step);
    let depth = 0;
    for (let from = first, tile = 0; from < end; from += TILE) {
      this.#tiles.makeTile(this.#passes, from, Math.min(TILE, end - from), at(depth++), count, inputsAt);
      for (let carry = ++tile; carry % 2 === 0; carry /= 2) {
        depth--;
        axpy(count, 1, at(depth), at(depth - 1));
      }
    }
    for (; depth > 1; depth--) axpy(count, 1, at(depth - 1), at(depth - 2));
  }

  /** The chunks' sums, to the first one's place. */
  #merge(chunks: number, count: number): void {
    const step = count * this.#tiles.bytes;
    const { axpy } = this.#divided;
    const add = (from: number, to: number) => {
      axpy(count, 1, this.#sums.address + from * step, this.#sums.address + to * step);
    };
    const stack: number[] = [];
    for (let chunk = 0; chunk < chunks; chunk++) {
      stack.push(chunk);
      for (let carry = chunk + 1; carry % 2 === 0; carry /= 2) {
        const from = stack.pop() as number;
        add(from, stack[stack.length - 1]);
      }
    }
    for (let i = stack.length - 1; i > 0; i--) add(stack[i], stack[i - 1]);
  }

  forward(to: TypedArray): boolean {
    if (this.#refused) return false;
    const tiles = this.#tiles;
    const { session, plan, x, rows, bytes } = tiles;
    const { size, numbers } = this.#crew;
    const { outputs, inputs } = plan;
    const last = plan.layers.length - 1;
    const copied = !x.resident;
    const ofTile = TILE * bytes * Math.max(copied ? inputs : 0, outputs);
    const run = TILE * Math.max(1, Math.min(MOST_TILES, Math.floor(COPIED_BYTES / ofTile)));
    const most = Math.min(rows, run) * bytes;
    const blocks = [
      [this.#outputs, most * outputs],
      [this.#copies[0], copied ? most * inputs : 0],
    ] as const;
    if (!this.#reserve(blocks)) return false;
    const out = this.#outputs.address;
    for (let first = 0; first < rows; first += run) {
      const some = Math.min(run, rows - first);
      const at = copied ? this.#copies[0].address : x.tile(first, 1);
      if (copied) x.copyTo(session.view(plan.dtype), at / bytes, first, some);
      const make = (passes: OwnPasses, from: number, count: number) => {
        passes.seen = -1;
        passes.point(last, out + from * outputs * bytes);
        passes.forward(at + from * inputs * bytes, count, false);
      };
      const whole = Math.floor(some / TILE);
      const each = Math.max(1, Math.ceil(whole / (size * CHUNKS)));
      const chunks = Math.ceil(whole / each);
      if (!this.#write([JOB.tiles, at, out], (passes, tile) => make(passes, tile * TILE, TILE))) return false;
      numbers[HEAD.kind] = JOB.tiles;
      numbers[HEAD.total] = whole;
      numbers[HEAD.each] = each;
      numbers[HEAD.version] = this.#version;
      const own = (chunk: number) => {
        const end = Math.min(whole, (chunk + 1) * each);
        for (let tile = chunk * each; tile < end; tile++) make(this.#passes, tile * TILE, TILE);
      };
      const rest = () => {
        if (some % TILE) make(this.#passes, whole * TILE, some % TILE);
      };
      if (!this.#crew.run(chunks, own, rest)) for (let chunk = 0; chunk < chunks; chunk++) own(chunk);
      session.copyOut(plan.dtype, out, some * outputs, to, first * outputs);
    }
    return true;
  }

  dispose(): void {
    this.#passes.dispose();
    for (const { passes } of this.#helpers) passes.dispose();
    for (const block of [this.#sums, this.#stacks, this.#outputs, ...this.#copies]) block.dispose();
  }
}
