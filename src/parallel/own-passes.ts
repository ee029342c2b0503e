// The passes over a tile of one thread. Outputs may go elsewhere; and where a loss is a function, which is called between forward and
// backward, all that forward makes of some tiles stays in a store.

import { TILE } from '../kernels/contract.js';
import { Passes } from '../network/passes.js';
import type { Plan } from '../network/plan.js';

/** Of some rows in a row what the layers made of them, and the errors of their outputs; of each tile of all rows the sum of its losses. */
export interface Store {
  /** Of each layer. */
  readonly h: readonly number[];
  readonly kept: readonly number[];
  readonly errors: number;
  readonly totals: number;
}

/** Elements for each row, beside the totals. */
export const storedElements = ({ layers, outputs }: Plan): number =>
  layers.reduce((sum, layer) => sum + layer.outputs + layer.keeps, outputs);

/** @param rows that it has room for */
export function storeAt(at: number, rows: number, bytes: number, { layers, outputs }: Plan, totals: number): Store {
  let next = at;
  const take = (elements: number) => {
    const place = next;
    next += rows * elements * bytes;
    return place;
  };
  const h = layers.map((layer) => take(layer.outputs));
  const kept = layers.map(({ keeps }, i) => (keeps ? take(keeps) : h[i]));
  return { h, kept, errors: take(outputs), totals };
}

export class OwnPasses extends Passes {
  #own: Pick<Store, 'h' | 'kept'> | undefined;
  readonly plan: Plan;
  store: Store | undefined;
  /** Its first row. */
  base = 0;
  /** Whether it holds what forward and loss would make. */
  made = false;

  constructor(...of: ConstructorParameters<typeof Passes>) {
    super(...of);
    this.plan = of[1];
  }

  /** Before calls for other tiles. @param h where a tile's outputs go; undefined: to the passes' own buffer */
  begin(seen: number, h?: number, store?: Store, base = 0, made = false): void {
    this.#own ??= { h: [...this.h], kept: [...this.kept] };
    const own = this.#own;
    const last = this.h.length - 1;
    for (let i = 0; i <= last; i++) {
      this.h[i] = own.h[i];
      this.kept[i] = own.kept[i];
    }
    if (h !== undefined) {
      if (own.kept[last] === own.h[last]) this.kept[last] = h;
      this.h[last] = h;
    }
    this.seen = seen;
    this.store = store;
    this.base = base;
    this.made = made;
  }

  /** Where the tile that begins at row `from` is in the store. */
  #place({ h, kept }: Store): void {
    const { layers } = this.plan;
    const first = (this.from - this.base) * this.k.bytes;
    for (let i = 0; i < layers.length; i++) {
      this.h[i] = h[i] + first * layers[i].outputs;
      this.kept[i] = kept[i] + first * (layers[i].keeps || layers[i].outputs);
    }
  }

  /** Of the tile at `from`. */
  get stored(): number {
    return (this.store as Store).errors + (this.from - this.base) * this.plan.outputs * this.k.bytes;
  }

  get total(): number {
    return (this.store as Store).totals + (this.from / TILE) * this.k.bytes;
  }

  override forward(x: number, rows: number, training: boolean): void {
    if (this.store) this.#place(this.store);
    if (!this.made) {
      super.forward(x, rows, training);
      return;
    }
    this.rows = rows;
    this.training = training;
  }

  override loss(y: number, w: number, rows: number, to: number): void {
    const { k, plan } = this;
    if (!this.made) {
      super.loss(y, w, rows, to);
      return;
    }
    // Copies: x * (1 / 1) is x, a sum of one number that number.
    k.rscl(rows * plan.outputs, 1, this.stored, this.errors);
    k.row_total(1, 0, this.total, to);
  }

  /** The loss of the tile that forward has put into the store, which holds it from then on. */
  settle(y: number, w: number, rows: number): void {
    if (this.store) this.#place(this.store);
    super.loss(y, w, rows, this.total);
    this.k.rscl(rows * this.plan.outputs, 1, this.errors, this.stored);
  }
}
