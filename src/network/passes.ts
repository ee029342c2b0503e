// The forward and the backward pass over one row tile, in buffers of linear memory that are kept from call to call.

import type { DtypeKernels } from '../kernels/core.js';
import type { Session } from '../matrix/marshal.js';
import { Block } from '../memory/block.js';
import type { LayerPlan, Plan } from './options.js';

/** What a backward pass hands out for each layer, last first: the layer's inputs and dLoss/dz of its logits. */
export type Visitor = (layer: LayerPlan, rows: number, inputs: number, delta: number) => void;

export class Passes {
  readonly #k: DtypeKernels;
  readonly #plan: Plan;
  readonly #parameters: Block;
  readonly #room: Block;
  readonly #work: number;
  /** Rows that the buffers hold. */
  #capacity = 0;
  /** Of each layer the logits, and what its activation makes of them: the same buffer where that can be. */
  readonly #z: number[] = [];
  readonly #h: number[] = [];
  #delta = 0;
  #otherDelta = 0;
  #scratch = 0;
  /** Each row's loss. */
  #losses = 0;

  constructor(session: Session, plan: Plan, parameters: Block) {
    this.#k = session[plan.dtype];
    this.#plan = plan;
    this.#parameters = parameters;
    this.#work = session.work;
    this.#room = new Block(session.heap, 0);
  }

  /** Makes room for tiles of `rows` rows. It may grow memory. */
  reserve(rows: number): void {
    if (rows > this.#capacity) this.#allocate(rows);
  }

  /** Apart from reserve(), because its closures cost an allocation at every call. */
  #allocate(rows: number): void {
    const { layers, loss } = this.#plan;
    const isApart = (index: number) => layers[index].activation.apart || (index === layers.length - 1 && loss.fused);
    let bytes = 0;
    const take = (units: number): number => {
      const at = bytes;
      bytes += Math.ceil((rows * units * this.#k.bytes) / 64) * 64;
      return at;
    };
    const h = layers.map(({ units }) => take(units));
    const z = layers.map(({ units }, index) => (isApart(index) ? take(units) : h[index]));
    const widest = Math.max(...layers.map(({ units }) => units));
    const [delta, otherDelta, scratch, losses] = [take(widest), take(widest), take(widest), take(1)];
    this.#room.reach(bytes);
    const { address } = this.#room;
    for (const index of layers.keys()) {
      this.#h[index] = address + h[index];
      this.#z[index] = address + z[index];
    }
    this.#delta = address + delta;
    this.#otherDelta = address + otherDelta;
    this.#scratch = address + scratch;
    this.#losses = address + losses;
    this.#capacity = rows;
  }

  /** Where the last forward pass left the outputs. */
  get outputs(): number {
    return this.#h[this.#h.length - 1];
  }

  /** @param training whether loss() or backward() will follow */
  forward(x: number, rows: number, training: boolean): void {
    const k = this.#k;
    const { layers } = this.#plan;
    const base = this.#parameters.address;
    let from = x;
    for (let i = 0; i < layers.length; i++) {
      const { inputs, units, weightsAt, biasesAt, activation } = layers[i];
      const bias = biasesAt < 0 ? 0 : base + biasesAt * k.bytes;
      k.dense_forward(rows, inputs, units, from, base + weightsAt * k.bytes, bias, this.#z[i], this.#work);
      activation.forward(k, rows, units, this.#z[i], this.#h[i], this.#scratch, training);
      from = this.#h[i];
    }
  }

  /** Evaluates the loss of each row; writes the sum over the rows to `to`. `w`: the rows' weights, 0 without. */
  loss(y: number, w: number, rows: number, to: number): void {
    const k = this.#k;
    const { loss, outputs } = this.#plan;
    const last = this.#z.length - 1;
    loss.evaluate(k, rows, outputs, y, this.#z[last], this.#h[last], this.#delta, this.#scratch, this.#losses);
    k.row_total(rows, w, this.#losses, to);
    if (w) k.scale_rows(rows, outputs, w, this.#delta, this.#delta);
  }

  /**
   * Goes back from what loss() left, or from errors that were written to `errors`.
   *
   * @param inputsTo where dLoss/dx goes, rows x inputs; 0: nowhere
   */
  backward(x: number, rows: number, visit: Visitor, inputsTo: number): void {
    const { layers, loss } = this.#plan;
    this.#back(x, rows, visit, inputsTo, loss.fused ? layers.length - 1 : layers.length);
  }

  /** The buffer of the outputs' errors, rows x outputs: dLoss/do for backwardFromOutputs(). */
  get errors(): number {
    return this.#delta;
  }

  /** The same from dLoss/do, whatever the loss. */
  backwardFromOutputs(x: number, rows: number, visit: Visitor, inputsTo: number): void {
    this.#back(x, rows, visit, inputsTo, this.#plan.layers.length);
  }

  /** @param through the error goes back through the activations of the layers below this one */
  #back(x: number, rows: number, visit: Visitor, inputsTo: number, through: number): void {
    const k = this.#k;
    const { layers } = this.#plan;
    const base = this.#parameters.address;
    let d = this.#delta;
    let e = this.#otherDelta;
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i];
      const { inputs, units } = layer;
      if (i < through) layer.activation.backward(k, rows, units, d, this.#h[i], this.#z[i], d);
      visit(layer, rows, i > 0 ? this.#h[i - 1] : x, d);
      const to = i > 0 ? e : inputsTo;
      if (to) k.dense_input(rows, inputs, units, d, base + layer.weightsAt * k.bytes, to, this.#work);
      e = d;
      d = to;
    }
  }

  /** dw and db of one layer over a tile, for visitors; `to` is where the vector of all gradients begins. */
  gradients(layer: LayerPlan, rows: number, inputs: number, delta: number, to: number): void {
    const { bytes } = this.#k;
    const bias = layer.biasesAt < 0 ? 0 : to + layer.biasesAt * bytes;
    const weights = to + layer.weightsAt * bytes;
    this.#k.dense_backward(rows, layer.inputs, layer.units, inputs, delta, weights, bias, this.#work);
  }

  dispose(): void {
    this.#room.dispose();
  }
}
