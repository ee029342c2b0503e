// The rows of one call: read, passed over tile by tile, and summed by the canonical tree.

import { own } from '../checks/read-options.js';
import { checkInteger } from '../checks/values.js';
import { TILE } from '../kernels/contract.js';
import type { Team } from '../kernels/team.js';
import type { LayerKernels } from '../layers/activation.js';
import type { Session } from '../matrix/marshal.js';
import { checkSameRows, refuseShared, type SparseTiles, type TypedArray } from '../matrix/operand.js';
import { Rows } from '../matrix/rows.js';
import { addSampleWeights, SAMPLE_WEIGHT } from '../matrix/sample-weights.js';
import { Block } from '../memory/block.js';
import { SumTree } from '../numbers/tree.js';
import { checkAlive, type PartialOptions } from './calls.js';
import { tilesOf } from './gradients.js';
import { Passes } from './passes.js';
import type { Plan } from './plan.js';

/** Of calls that were given none. */
export const NO_OPTIONS = {};

export class Tiles {
  readonly passes: Passes;
  readonly x: Rows;
  readonly y: Rows;
  /** Sample weights. */
  readonly w: Rows;
  readonly session: Session;
  /** Those of a call by itself; undefined if that has other ones. */
  readonly alone: LayerKernels | undefined;
  readonly bytes: number;
  /** Threads that share the call underway, and what they keep for it. */
  #team: Team | undefined;
  shared: { dispose(): void } | undefined;
  readonly plan: Plan;
  readonly parameters: Block;
  /** Partial sums of the canonical tree, beside the one that grows in the result. */
  readonly #stack: Block;
  /** A tile of the inputs' gradients, where those go to an array. */
  readonly #inputs: Block;
  #weightTree: SumTree | undefined;
  #weightTotal = 0;
  /** Tiles that a sum underway has. */
  #tiles = 0;
  /** Of sparse inputs, where the first layer takes them as they are. */
  #sparse: SparseTiles | undefined;

  /** @param kernels other ones than those of the session */
  constructor(session: Session, plan: Plan, parameters: Block, kernels?: LayerKernels) {
    const { dtype, inputs, loss } = plan;
    this.session = session;
    this.passes = new Passes(session, plan, parameters, kernels);
    this.alone = kernels ? undefined : this.passes.k;
    this.bytes = this.passes.k.bytes;
    this.plan = plan;
    this.parameters = parameters;
    this.x = new Rows(session, dtype, 'X', inputs);
    this.y = new Rows(session, dtype, loss.target ?? 'y', loss.targets, loss.classes === 'exclusive');
    this.w = new Rows(session, dtype, SAMPLE_WEIGHT, 1);
    this.#stack = new Block(session.heap, 0);
    this.#inputs = new Block(session.heap, 0);
  }

  /** Whether threads may share what was read. */
  get shares(): boolean {
    return this.#team !== undefined && !this.#sparse;
  }

  /** Number of rows that were read. */
  get rows(): number {
    return this.x.rows;
  }

  /** What the last call read, for a search in it. */
  get sources(): readonly Rows[] {
    return [this.x, this.y];
  }

  /** The sum of the rows' weights; their number without weights. */
  get weightTotal(): number {
    return this.#weightTotal;
  }

  /** Of a partial whose rows were read elsewhere. */
  set weightTotal(total: number) {
    this.x.rows = 0;
    this.y.rows = 0;
    this.#weightTotal = total;
  }

  /** Reads inputs, and makes room. @throws {ShapeError|ValueError|DtypeError|DisposedError} naming X */
  readInputs(X: unknown): void {
    const x = this.x.parse(X);
    checkAlive(this.parameters);
    this.x.use(x);
    this.y.rows = 0;
    this.w.rows = 0;
    this.begin(0);
  }

  /**
   * Reads inputs, targets and weights, and makes room for sums of `count` elements.
   *
   * @param inputsTile whether the inputs' gradients need a tile of their own
   * @param offset of rows of a larger batch, which may have no weight, where they begin
   * @throws {ShapeError|ValueError|DtypeError|DisposedError} naming the argument
   */
  read(X: unknown, y: unknown, options: PartialOptions, count: number, inputsTile: boolean, offset?: number): void {
    const inputs = this.x.parse(X);
    const targets = this.y.parse(y);
    const sampleWeight = options === NO_OPTIONS ? undefined : own(options, 'sampleWeight');
    const seen = options === NO_OPTIONS ? undefined : own(options, 'rowsSeen');
    const weights = sampleWeight === undefined ? undefined : this.w.parse(sampleWeight);
    // No code of the caller's runs from here on: what he does in a getter, calls of this network among it, is done.
    checkAlive(this.parameters);
    this.x.use(inputs);
    this.y.use(targets);
    const { rows } = this.x;
    checkSameRows('X', rows, this.y.name, this.y.rows);
    if (weights) this.w.use(weights);
    else this.w.rows = 0;
    this.weigh(offset !== undefined);
    this.begin(count, seen === undefined ? -1 : checkInteger(seen, 'rowsSeen', 0) + (offset ?? 0));
    if (inputsTile) this.#inputs.reach(Math.min(TILE, rows) * this.plan.inputs * this.bytes);
  }

  /** Checks the weights that the rows have, if any, and adds them up. @param part whether they may be all 0 */
  weigh(part: boolean): void {
    const { rows } = this.x;
    this.#weightTotal = rows;
    if (this.w.rows === 0) return;
    this.#weightTree ??= new SumTree('f64');
    addSampleWeights(this.#weightTree, this.w, rows, part, !part && this.plan.reduction === 'sum');
    this.#weightTotal = this.#weightTree.sum;
  }

  /** After reading, or after its rows were placed where they lie: makes room for a tile and for sums of `count` elements. */
  begin(count: number, seen = -1): void {
    const { rows } = this.x;
    const [first] = this.plan.layers;
    const sparse = first.takesSparse ? this.x.sparse(first.outputs, count > 1) : undefined;
    const team = this.alone && this.session.share(rows * this.plan.size);
    if (this.alone && (team !== this.#team || sparse !== this.#sparse)) {
      const kernels = sparse?.kernels(this.alone) ?? this.alone;
      this.passes.k = team?.divided(kernels) ?? kernels;
    }
    this.#team = team;
    this.#sparse = sparse;
    this.passes.sparse = sparse;
    this.#tiles = 0;
    this.passes.seen = seen;
    this.passes.reserve(Math.min(TILE, rows));
    if (!sparse) this.x.reserve();
    this.y.reserve();
    this.w.reserve();
    if (rows > TILE) this.#stack.reach(Math.floor(Math.log2(tilesOf(rows))) * count * this.bytes);
  }

  /**
   * Before a call writes to an output.
   *
   * @param outside an output that does not lie in linear memory; of one that does, where its `bytes` begin
   * @throws {ValueError} if some of its bytes are also those of what the last call read, or of the parameters
   */
  checkApart(start: number, bytes: number, outside: TypedArray | undefined): void {
    this.x.checkApart(start, bytes, outside);
    if (this.y.rows) this.y.checkApart(start, bytes, outside);
    if (this.w.rows) this.w.checkApart(start, bytes, outside);
    const { address } = this.parameters;
    if (outside || start >= address + this.plan.size * this.bytes || address >= start + bytes) return;
    refuseShared('the parameters');
  }

  /** Lets go of what the caller handed in. */
  forget(): void {
    this.x.forget();
    this.y.forget();
    this.w.forget();
  }

  /** The outputs of all rows that were read, into `to`. */
  forward(to: TypedArray): void {
    if (!this.#sparse && this.#team?.forward(this, to)) return;
    const { rows } = this.x;
    const { outputs } = this.plan;
    for (let from = 0; from < rows; from += TILE) {
      const count = Math.min(TILE, rows - from);
      this.passes.forward(this.place(from, count), count, false);
      this.session.copyOut(this.plan.dtype, this.passes.outputs, count * outputs, to, from * outputs);
    }
  }

  /**
   * Sums loss and gradients over the rows that were read, by the canonical tree (contract rule 3): vectors of `count`
   * elements, the loss last. Sums of equally many tiles merge as a binary counter carries.
   *
   * @param to where the sum goes, and its first partial sum grows
   * @param count the loss alone if it is 1
   * @param inputsAt where the inputs' gradients go, divided already: to this address unless it is 0, or
   * @param inputsOut to this array, or nowhere
   */
  sum(to: number, count: number, inputsAt: number, inputsOut: TypedArray | undefined): void {
    if (!inputsOut && !this.#sparse && this.#team?.sum(this, to, count, inputsAt)) return;
    while (!this.advance(to, count, inputsAt, inputsOut));
  }

  /**
   * One tile of that sum, for who lets others have their turn between tiles: the same arguments until it returns true, when
   * the sum is whole. What is underway is begun anew by reading.
   */
  advance(to: number, count: number, inputsAt: number, inputsOut: TypedArray | undefined): boolean {
    const { rows } = this.x;
    const step = count * this.bytes;
    const stack = this.#stack.address - step; // partial sum 0 is `to`, the others stand on the stack
    const from = this.#tiles * TILE;
    // As many partial sums are underway as the number of tiles before this one has binary digits 1.
    let depth = 0;
    for (let rest = this.#tiles++; rest > 0; rest &= rest - 1) depth++;
    const at = depth === 0 ? to : stack + depth * step;
    this.makeTile(this.passes, from, Math.min(TILE, rows - from), at, count, inputsAt, inputsOut);
    for (let carry = this.#tiles; carry % 2 === 0; carry /= 2) this.#merge(count, depth--, stack, to);
    if (from + TILE < rows) return false;
    for (; depth > 0; depth--) this.#merge(count, depth, stack, to);
    return true;
  }

  /** Adds partial sum `depth` to the one below it. */
  #merge(count: number, depth: number, stack: number, to: number): void {
    const step = count * this.bytes;
    this.passes.k.axpy(count, 1, stack + depth * step, depth === 1 ? to : stack + (depth - 1) * step);
  }

  /** The address of a tile of inputs; 0 if the first layer is to take them sparse. */
  place(from: number, count: number): number {
    if (!this.#sparse) return this.x.tile(from, count);
    this.#sparse.read(from, count);
    return 0;
  }

  /** The calls of one tile. @param passes over which it goes */
  makeTile(
    passes: Passes,
    from: number,
    rows: number,
    to: number,
    count: number,
    inputsAt: number,
    inputsOut?: TypedArray,
  ): void {
    const { bytes } = this;
    const { inputs } = this.plan;
    const x = this.place(from, rows);
    passes.from = from;
    passes.forward(x, rows, true);
    passes.loss(this.y.tile(from, rows), this.w.rows ? this.w.tile(from, rows) : 0, rows, to + (count - 1) * bytes);
    if (count === 1 && !inputsAt && !inputsOut) return;
    passes.to = to;
    const at = inputsAt ? inputsAt + from * inputs * bytes : inputsOut ? this.#inputs.address : 0;
    passes.backward(x, rows, passes.writeGradients, at);
    if (!at) return;
    const total = this.#weightTotal;
    if (this.plan.reduction === 'mean' && total !== 1) passes.k.rscl(rows * inputs, total, at, at);
    if (inputsOut) this.session.copyOut(this.plan.dtype, at, rows * inputs, inputsOut, from * inputs);
  }

  /**
   * Turns n sums over rows into means, in place, if that is what the network wants.
   *
   * @returns whether all are known to be finite: sums that stay sums were not looked at
   */
  average(n: number, at: number): boolean {
    const total = this.#weightTotal;
    return this.plan.reduction === 'mean' && total !== 1 && this.passes.k.rscl(n, total, at, at) === 1;
  }

  /** Forward and loss of some rows, for what looks at rows one by one: returns where the tile's inputs are. */
  evaluate(from: number, rows: number): number {
    const x = this.x.tile(from, rows);
    this.passes.forward(x, rows, true);
    this.passes.loss(this.y.tile(from, rows), 0, rows, this.#stack.address);
    return x;
  }

  dispose(): void {
    this.shared?.dispose();
    this.passes.dispose();
    this.x.dispose();
    this.y.dispose();
    this.w.dispose();
    this.#stack.dispose();
    this.#inputs.dispose();
  }
}
