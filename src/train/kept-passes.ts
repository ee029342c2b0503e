// Forward passes that are kept tile by tile, for a backward pass that comes later.

import { type Dtype, TILE } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import type { Block } from '../memory/block.js';
import { tilesOf } from '../network/gradients.js';
import { Passes, type Visitor } from '../network/passes.js';
import type { Plan } from '../network/plan.js';

/**
 * So much is kept; tiles beyond that are passed forward once more. Keeping takes 0.55 to 0.75 of the time that passing forward
 * again takes, from 1 tile to 64 (measured: 4 networks of 41 to 204,000 parameters, both dtypes).
 */
const KEPT_BYTES = 64 << 20;

/** Of a tile: outputs, what layers keep, and the room to go back. */
function bytesOfTile({ layers }: Plan, bytes: number): number {
  const widest = Math.max(...layers.map(({ outputs }) => outputs));
  const kept = layers.reduce((sum, { outputs, keeps }) => sum + outputs + keeps, 0);
  return TILE * (kept + 3 * widest + 1) * bytes;
}

/** As Passes, for whom a tile is known by the address of its inputs; those that do not fit use its own buffers. */
export class KeptPasses extends Passes {
  readonly #session: Session;
  readonly #plan: Plan;
  readonly #block: Block;
  readonly #dtype: Dtype;
  readonly #kept: Passes[] = [];
  /** Of the first tile, and from one to the next. */
  #from = 0;
  #step = 1;
  /** How many there is room for, and how many were passed forward. */
  #room = 0;
  #done = 0;
  #current: Passes | undefined;

  constructor(session: Session, plan: Plan, block: Block) {
    super(session, plan, block);
    this.#session = session;
    this.#plan = plan;
    this.#block = block;
    this.#dtype = plan.dtype;
  }

  /** Makes room for rows that lie at an address, and forgets those before. It may grow memory. */
  record(from: number, rows: number): void {
    const { bytes } = this.#session[this.#dtype];
    const tiles = tilesOf(rows);
    this.#from = from;
    this.#step = TILE * this.#plan.inputs * bytes;
    this.#done = 0;
    this.#room = Math.min(tiles, Math.max(1, Math.floor(KEPT_BYTES / bytesOfTile(this.#plan, bytes))));
    while (this.#kept.length < this.#room) this.#kept.push(new Passes(this.#session, this.#plan, this.#block));
    for (const passes of this.#kept.splice(this.#room)) passes.dispose();
    for (const passes of this.#kept) passes.reserve(Math.min(TILE, rows));
    if (tiles > this.#room) super.reserve(TILE);
  }

  /** record() does. */
  override reserve(): void {}

  override get outputs(): number {
    return this.#current ? this.#current.outputs : super.outputs;
  }

  override forward(x: number, rows: number, training: boolean): void {
    const tile = (x - this.#from) / this.#step;
    this.#current = tile < this.#room ? this.#kept[tile] : undefined;
    if (!this.#current) super.forward(x, rows, training);
    else if (tile >= this.#done) {
      this.#current.seen = this.seen;
      this.#current.from = this.from;
      this.#current.forward(x, rows, training);
      this.#done = tile + 1;
    }
  }

  override loss(y: number, w: number, rows: number, to: number): void {
    if (this.#current) this.#current.loss(y, w, rows, to);
    else super.loss(y, w, rows, to);
  }

  override backward(x: number, rows: number, visit: Visitor, inputsTo: number): void {
    const current = this.#current;
    const { scratch } = this;
    this.rows = rows;
    // This is the tile that layers are asked for their gradients with.
    if (current) this.scratch = current.scratch;
    if (current) current.backward(x, rows, visit, inputsTo);
    else super.backward(x, rows, visit, inputsTo);
    this.scratch = scratch;
  }

  override dispose(): void {
    for (const passes of this.#kept) passes.dispose();
    super.dispose();
  }
}
