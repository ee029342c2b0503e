// The threads of an engine, as the rest of it sees them: what they share, and how it is cut. Two grains, neither of which changes
// a bit: tiles, runs of which are nodes of the canonical tree, where a batch has many; within a kernel's call where it has few.

import { BLOCK, type Dtype, TILE, type TypedArray } from '../kernels/contract.js';
import type { Leaves, Team } from '../kernels/team.js';
import type { Session } from '../matrix/marshal.js';
import type { Tiles } from '../network/tiles.js';
import type { Crew } from './crew.js';
import { Divided } from './divided.js';
import { numberOf } from './kernels.js';
import { ARGS, CALL, HEAD, JOB, MOST_CHUNKS, RESULTS, WORD } from './protocol.js';
import { Shelf } from './room.js';
import { SharedTiles } from './shared-tiles.js';

/** Multiply-adds of a tile's product from which on threads share that better than tiles, where these are few. */
const WIDE = 1 << 21;

/** Blocks of a chunk: 10 us of a dot product. */
const BLOCKS = 8;

export class ThreadTeam implements Team {
  readonly #session: Session;
  readonly #crew: Crew;
  readonly #divided = new WeakMap<object, object>();
  readonly shelf: Shelf;

  constructor(session: Session, crew: Crew) {
    this.#session = session;
    this.#crew = crew;
    this.shelf = new Shelf(session.heap);
  }

  get size(): number {
    return this.#crew.size;
  }

  /** Whether they were ended: because one has. */
  get over(): boolean {
    return this.#crew.over;
  }

  divided<K extends object>(kernels: K): K {
    let made = this.#divided.get(kernels);
    if (!made) {
      made = new Divided(this.#crew, kernels as { bytes: number }).kernels;
      this.#divided.set(kernels, made);
    }
    return made as K;
  }

  blocks(kernel: object, n: number, x: number, y: number, tree: Leaves): boolean {
    const { numbers } = this.#crew;
    const blocks = Math.ceil(n / BLOCK);
    if (this.#crew.hands < 2 || blocks < 2 * BLOCKS) return false;
    const { core } = this.#session.backend;
    const dtype = (['f64', 'f32'] as const).find(
      (each) => kernel === core[each].dot || kernel === core[each].squared_error,
    ) as Dtype;
    const name = kernel === core[dtype].dot ? 'dot' : 'squared_error';
    const { bytes } = core[dtype];
    const call = kernel as (n: number, x: number, y: number) => number;
    const step = BLOCK * bytes;
    for (let first = 0; first < blocks; first += MOST_CHUNKS) {
      const count = Math.min(MOST_CHUNKS, blocks - first);
      const [left, xAt, yAt] = [n - first * BLOCK, x + first * step, y + first * step];
      numbers[HEAD.kind] = JOB.blocks;
      numbers[HEAD.total] = count;
      numbers[HEAD.each] = BLOCKS;
      numbers[CALL] = numberOf(name, dtype);
      numbers.set([left, xAt, yAt, step, BLOCK], ARGS);
      const own = (chunk: number) => {
        for (let i = chunk * BLOCKS; i < Math.min(count, (chunk + 1) * BLOCKS); i++) {
          numbers[RESULTS + i] = call(Math.min(BLOCK, left - i * BLOCK), xAt + i * step, yAt + i * step);
        }
      };
      const chunks = Math.ceil(count / BLOCKS);
      // Who is lost has written nothing but numbers: all of them once more.
      if (!this.#crew.run(chunks, own)) for (let chunk = 0; chunk < chunks; chunk++) own(chunk);
      for (let i = 0; i < count; i++) {
        tree.leaf = numbers[RESULTS + i];
        tree.add();
      }
    }
    return true;
  }

  sum(tiles: Tiles, to: number, count: number, inputsAt: number): boolean {
    return this.#of(tiles)?.sum(to, count, inputsAt) ?? false;
  }

  forward(tiles: Tiles, to: TypedArray): boolean {
    return this.#of(tiles)?.forward(to) ?? false;
  }

  /** undefined for few tiles. */
  #of(tiles: Tiles): SharedTiles | undefined {
    const { hands } = this.#crew;
    if (hands < 2 || tiles.rows < 4 * TILE) return undefined;
    // Few tiles of a wide network keep fewer threads busy than their products do.
    const widest = Math.max(...tiles.plan.layers.map(({ products }) => products));
    if (tiles.rows < 2 * hands * TILE && widest * TILE > WIDE) return undefined;
    tiles.shared ??= new SharedTiles(tiles, this.#crew, this);
    return tiles.shared as SharedTiles;
  }

  /** A job of which each thread does a part, and that is nothing: what dividing costs at least. For measurements. */
  forkAndJoin(): void {
    const { words, numbers, size } = this.#crew;
    numbers[HEAD.kind] = JOB.blocks;
    numbers[HEAD.total] = 0;
    numbers[HEAD.each] = 0;
    numbers[CALL] = 0;
    const left = () => (Atomics.load(words, WORD.claim) & (MOST_CHUNKS - 1)) < size;
    // Whoever is first leaves something to the others, unless they are lost.
    this.#crew.run(size, () => {
      for (let i = 0; i < 1e6 && left(); i++);
    });
  }

  dispose(): void {
    this.shelf.clear();
    this.#crew.dispose();
  }
}
