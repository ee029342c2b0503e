// The forward and the backward pass over one row tile, in buffers of linear memory that are kept from call to call.

import type { LayerKernels } from '../layers/activation.js';
import type { Layer, Tile } from '../layers/layer.js';
import type { Evaluation } from '../layers/loss.js';
import type { Session } from '../matrix/marshal.js';
import type { SparseTiles } from '../matrix/operand.js';
import { Block } from '../memory/block.js';
import { aligned } from '../memory/heap.js';
import type { Plan } from './plan.js';

/**
 * What a backward pass hands out for each layer, last first: the layer's inputs, what it kept, and dLoss/dz of its logits,
 * as its gradients() takes them.
 */
export type Visitor = (layer: Layer, rows: number, inputs: number, kept: number, delta: number) => void;

/** The core's kernels as they are, or with those of the packs that layers and loss ask for. @throws {BackendUnavailableError} */
export function kernelsFor(session: Session, { dtype, layers, loss }: Plan): LayerKernels {
  let kernels = session[dtype] as LayerKernels;
  for (const { pack } of [...layers, loss]) if (pack) kernels = { ...kernels, ...session.backend.put(pack)[dtype] };
  return kernels;
}

export class Passes implements Tile {
  /** A call that is worth it has others for what is large. */
  k: LayerKernels;
  readonly work: number;
  readonly parameters: number;
  scratch = 0;
  rows = 0;
  training = false;
  seen = -1;
  from = 0;
  sparse: SparseTiles | undefined = undefined;
  /** Where the tile underway writes its gradients. */
  to = 0;
  readonly writeGradients: Visitor = (layer, rows, inputs, kept, delta) =>
    layer.gradients(this, 0, rows, inputs, kept, delta, this.to);
  readonly #plan: Plan;
  readonly #loss: Evaluation;
  readonly #room: Block;
  /** Rows that the buffers hold. */
  #capacity = 0;
  /** Of each layer the outputs, and what it keeps beside them: the same buffer where that is nothing. */
  readonly h: number[] = [];
  readonly kept: number[] = [];
  #delta = 0;
  #otherDelta = 0;
  /** Each row's loss. */
  #losses = 0;

  constructor(
    session: Session,
    plan: Plan,
    parameters: Block,
    kernels = kernelsFor(session, plan),
    work = session.work,
  ) {
    this.k = kernels;
    this.work = work;
    this.parameters = parameters.address;
    this.#plan = plan;
    this.#loss = plan.loss.on?.(session, parameters) ?? plan.loss;
    this.#room = new Block(session.heap, 0);
  }

  /** Makes room for tiles of `rows` rows. It may grow memory. */
  reserve(rows: number): void {
    if (rows > this.#capacity) this.#allocate(rows);
  }

  /** Apart from reserve(), because its closures cost an allocation at every call. */
  #allocate(rows: number): void {
    const { layers } = this.#plan;
    let bytes = 0;
    const take = (units: number): number => {
      const at = bytes;
      bytes += aligned(rows * units * this.k.bytes);
      return at;
    };
    const h = layers.map(({ outputs }) => take(outputs));
    const kept = layers.map(({ keeps }, i) => (keeps ? take(keeps) : h[i]));
    const widest = Math.max(...layers.map(({ outputs }) => outputs));
    const [delta, otherDelta, scratch, losses] = [take(widest), take(widest), take(widest), take(1)];
    this.#room.reach(bytes);
    const { address } = this.#room;
    for (const index of layers.keys()) {
      this.h[index] = address + h[index];
      this.kept[index] = address + kept[index];
    }
    this.#delta = address + delta;
    this.#otherDelta = address + otherDelta;
    this.scratch = address + scratch;
    this.#losses = address + losses;
    this.#capacity = rows;
  }

  /** Where the last forward pass left the outputs. */
  get outputs(): number {
    return this.h[this.h.length - 1];
  }

  /** @param training whether loss() or backward() will follow */
  forward(x: number, rows: number, training: boolean): void {
    const { layers } = this.#plan;
    this.rows = rows;
    this.training = training;
    let from = x;
    for (let i = 0; i < layers.length; i++) {
      layers[i].forward(this, from, this.h[i], this.kept[i]);
      from = this.h[i];
    }
  }

  /** Evaluates the loss of each row; writes the sum over the rows to `to`. `w`: the rows' weights, 0 without. */
  loss(y: number, w: number, rows: number, to: number): void {
    const { k } = this;
    const { outputs } = this.#plan;
    const last = this.h.length - 1;
    this.#loss.evaluate(k, rows, outputs, y, this.kept[last], this.h[last], this.#delta, this.scratch, this.#losses);
    k.row_total(rows, w, this.#losses, to);
    if (w) k.scale_rows(rows, outputs, w, this.#delta, this.#delta);
  }

  /** The buffer of the outputs' errors, rows x outputs: where loss() leaves them, dLoss/do unless the loss is fused. */
  get errors(): number {
    return this.#delta;
  }

  /**
   * Goes back from what loss() left, or was written to `errors`.
   *
   * @param inputsTo where dLoss/dx goes, rows x inputs; 0: nowhere
   */
  backward(x: number, rows: number, visit: Visitor, inputsTo: number): void {
    const { layers, loss } = this.#plan;
    // The error goes back through the activations of the layers below this one.
    const through = loss.fused ? layers.length - 1 : layers.length;
    let d = this.#delta;
    let e = this.#otherDelta;
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i];
      const kept = this.kept[i];
      if (i < through) layer.delta(this, this.h[i], kept, d);
      visit(layer, rows, i > 0 ? this.h[i - 1] : x, kept, d);
      const to = i > 0 ? e : inputsTo;
      if (to) layer.back(this, kept, d, to);
      e = d;
      d = to;
    }
  }

  dispose(): void {
    this.#room.dispose();
  }
}
