// The tiles of a network's call, shared among threads: each takes chunks, runs of a power of two tiles that are nodes of the
// canonical tree, and the sums of the chunks are merged as that tree has them.

import { TILE, type TypedArray } from '../kernels/contract.js';
import type { LayerKernels } from '../layers/activation.js';
import type { Rows } from '../matrix/rows.js';
import type { Tiles } from '../network/tiles.js';
import type { Crew } from './crew.js';
import { numberOf } from './kernels.js';
import { type OwnPasses, type Store, storeAt, storedElements } from './own-passes.js';
import { HEAD, JOB } from './protocol.js';
import type { Room, Shelf } from './room.js';
import { CHUNKS, COPIED_BYTES, SUMS_BYTES, TileJobs } from './tile-jobs.js';

/** Where the loss is a function, what forward makes of tiles that are done before others: two cores' caches, and then some. */
const STORED_BYTES = 8 << 20;
/** Tiles whose outputs are made before they are copied out, at most. */
const MOST_TILES = 256;

/** What is used of a team. */
interface Surroundings {
  readonly shelf: Shelf;
  divided<K extends object>(kernels: K): K;
}

export class SharedTiles extends TileJobs {
  readonly #shelf: Shelf;
  /** Kernels that divide their calls, for what is done between chunks. */
  readonly #divided: LayerKernels;

  constructor(tiles: Tiles, crew: Crew, team: Surroundings) {
    super(tiles, crew);
    this.#shelf = team.shelf;
    this.#divided = team.divided(this.kernels);
  }

  sum(to: number, count: number, inputsAt: number): boolean {
    return !this.refused && this.#shelf.lend((room) => this.#sum(room, to, count, inputsAt));
  }

  #sum(room: Room, to: number, count: number, inputsAt: number): boolean {
    const tiles = this.tiles;
    const { bytes, rows, plan } = tiles;
    const { size } = this.crew;
    const step = count * bytes;
    // Whole tiles alone go to others: the last one is done here.
    const whole = Math.floor(rows / TILE);
    const isStored = plan.loss.on !== undefined;
    const ofTile = isStored ? TILE * storedElements(plan) * bytes : 0;
    /** Tiles that are done before others. */
    const most = isStored ? Math.min(whole, Math.max(2 * size, Math.floor(STORED_BYTES / ofTile))) : whole;
    let each = 2 ** Math.floor(Math.log2(Math.max(1, most / (size * CHUNKS))));
    while ((rows / (TILE * each)) * step > SUMS_BYTES) each *= 2;
    const chunks = Math.floor(whole / each);
    const all = Math.ceil(rows / (TILE * each));
    const some = isStored ? Math.floor(most / each) : all;
    if (chunks < 2 || some < 2) return false;
    const blocks = [
      [room.sums, all * step],
      [room.stacks, Math.max(1, this.crew.count * Math.log2(each)) * step],
      [room.outputs, some * each * ofTile],
      [room.totals, isStored ? Math.ceil(rows / TILE) * bytes : 0],
    ] as const;
    if (!this.settle(room, blocks)) return false;
    const store = isStored
      ? storeAt(room.outputs.address, some * each * TILE, bytes, plan, room.totals.address)
      : undefined;
    const alone = store !== undefined && count === 1 && !inputsAt;
    for (let first = 0; first < all; first += some) {
      const base = first * each * TILE;
      const end = Math.min(rows, base + some * each * TILE);
      const last = Math.min(chunks, first + some);
      const good =
        (!store || this.#evaluate(store, base, end)) &&
        (alone || this.#sumChunks(room, store, first, last, end, each, count, inputsAt));
      if (good) continue;
      // Here, while nobody else has the copies of what was read.
      while (!tiles.advance(to, count, inputsAt, undefined));
      return true;
    }
    if (alone) this.#merge(room.totals.address, Math.ceil(rows / TILE), 1, to);
    else this.#merge(room.sums.address, all, count, to);
    return true;
  }

  /** What lists depend on. */
  #keyOf(from: number): number[] {
    const { x, y, w, passes, plan } = this.tiles;
    const at = (source: Rows) => (source.rows ? source.tile(from, 1) : 0);
    return [at(x), at(y), at(w), plan.layers.some((layer) => layer.differs) ? passes.seen + from : 0];
  }

  /** A loss that is a function: forward over these rows, then its calls, tile by tile. */
  #evaluate(store: Store, base: number, end: number): boolean {
    const { x, y, w, passes } = this.tiles;
    const { seen } = passes;
    const made = this.apart([...this.#keyOf(base), store.h[0]], end - base, (passes, from, count) => {
      passes.begin(seen, undefined, store, base);
      passes.from = base + from;
      passes.forward(x.tile(base + from, count), count, true);
    });
    if (!made) return false;
    const own = this.passes;
    for (let from = base; from < end; from += TILE) {
      const count = Math.min(TILE, end - from);
      own.begin(seen, undefined, store, base);
      own.from = from;
      own.settle(y.tile(from, count), w.rows ? w.tile(from, count) : 0, count);
    }
    return true;
  }

  /** The sums of chunks from `first` to before `last`, which are whole, and of what is left up to row `end`. */
  #sumChunks(
    room: Room,
    store: Store | undefined,
    first: number,
    last: number,
    end: number,
    each: number,
    count: number,
    inputsAt: number,
  ): boolean {
    const tiles = this.tiles;
    const { bytes, plan, weightTotal } = tiles;
    const { seen } = tiles.passes;
    const base = first * each * TILE;
    const step = count * bytes;
    const make = (passes: OwnPasses, tile: number, to: number) => {
      passes.begin(seen, undefined, store, base, store !== undefined);
      tiles.makeTile(passes, base + tile * TILE, TILE, to, count, inputsAt);
    };
    const key = [JOB.sums, ...this.#keyOf(base), store?.h[0] ?? 0, store?.totals ?? 0, base, inputsAt, count];
    if (!this.write([...key, inputsAt ? weightTotal : 0], make)) {
      this.refused = true;
      return false;
    }
    const { numbers } = this.crew;
    numbers[HEAD.sums] = room.sums.address + first * step;
    numbers[HEAD.count] = count;
    numbers[HEAD.bytes] = bytes;
    numbers[HEAD.add] = numberOf('axpy', plan.dtype);
    for (let i = 1; i < this.crew.count; i++) {
      numbers[HEAD.stacks + i] = room.stacks.address + i * Math.log2(each) * step;
    }
    this.passes.begin(seen, undefined, store, base, store !== undefined);
    const own = (chunk: number) => this.#sumChunk(room, first + chunk, each, count, inputsAt);
    const rest = () => {
      if (last * each * TILE < end) own(last - first);
    };
    return this.run(JOB.sums, (last - first) * each, each, own, rest);
  }

  /** As Tiles sums all. */
  #sumChunk({ sums, stacks }: Room, chunk: number, each: number, count: number, inputsAt: number): void {
    const { rows, bytes } = this.tiles;
    const { axpy } = this.kernels;
    const step = count * bytes;
    const to = sums.address + chunk * step;
    const stack = stacks.address - step;
    const first = chunk * each * TILE;
    const end = Math.min(rows, first + each * TILE);
    const at = (depth: number) => (depth === 0 ? to : stack + depth * step);
    let depth = 0;
    for (let from = first, tile = 0; from < end; from += TILE) {
      this.tiles.makeTile(this.passes, from, Math.min(TILE, end - from), at(depth++), count, inputsAt);
      for (let carry = ++tile; carry % 2 === 0; carry /= 2) {
        depth--;
        axpy(count, 1, at(depth), at(depth - 1));
      }
    }
    for (; depth > 1; depth--) axpy(count, 1, at(depth - 1), at(depth - 2));
  }

  /** Sums that lie at an address, to the first one's place, and from there to another. */
  #merge(sums: number, n: number, count: number, to: number): void {
    const { session, plan, bytes } = this.tiles;
    const step = count * bytes;
    const { axpy } = this.#divided;
    const add = (from: number, to: number) => {
      axpy(count, 1, sums + from * step, sums + to * step);
    };
    const stack: number[] = [];
    for (let i = 0; i < n; i++) {
      stack.push(i);
      for (let carry = i + 1; carry % 2 === 0; carry /= 2) {
        const from = stack.pop() as number;
        add(from, stack[stack.length - 1]);
      }
    }
    for (let i = stack.length - 1; i > 0; i--) add(stack[i], stack[i - 1]);
    session.view(plan.dtype).copyWithin(to / bytes, sums / bytes, sums / bytes + count);
  }

  forward(to: TypedArray): boolean {
    return !this.refused && this.#shelf.lend((room) => this.#forward(room, to));
  }

  #forward({ outputs: made, copies }: Room, to: TypedArray): boolean {
    const { session, plan, x, rows, bytes } = this.tiles;
    const { outputs, inputs } = plan;
    const copied = !x.resident;
    const ofTile = TILE * bytes * Math.max(copied ? inputs : 0, outputs);
    const run = TILE * Math.max(1, Math.min(MOST_TILES, Math.floor(COPIED_BYTES / ofTile)));
    const most = Math.min(rows, run) * bytes;
    const blocks = [
      [made, most * outputs],
      [copies[0], copied ? most * inputs : 0],
    ] as const;
    if (!this.reserve(blocks)) return false;
    const out = made.address;
    for (let first = 0; first < rows; first += run) {
      const some = Math.min(run, rows - first);
      const at = copied ? copies[0].address : x.tile(first, 1);
      if (copied) x.copyTo(session.view(plan.dtype), at / bytes, first, some);
      const good = this.apart([at, out], some, (passes, from, count) => {
        passes.begin(-1, out + from * outputs * bytes);
        passes.forward(at + from * inputs * bytes, count, false);
      });
      if (!good) return false;
      session.copyOut(plan.dtype, out, some * outputs, to, first * outputs);
    }
    return true;
  }
}
