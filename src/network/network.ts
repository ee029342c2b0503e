// Network: a dense network whose parameters, activations and gradients live in linear memory.

import { describe } from '../checks/describe.js';
import { DisposedError, ShapeError, ValueError } from '../checks/errors.js';
import { checkOptions, own, readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFlag, isInteger, ofOtherCopy, refuseValue } from '../checks/values.js';
import type { MatrixOutput } from '../functions/api.js';
import { type Dtype, TILE } from '../kernels/contract.js';
import type { DtypeKernels } from '../kernels/core.js';
import type { Session } from '../matrix/marshal.js';
import { Matrix } from '../matrix/matrix.js';
import {
  type ArrayOf,
  checkOutput,
  checkSameRows,
  copyRows,
  isVector,
  type MatrixInput,
  newArray,
  PLACE,
  type RowsInput,
  readMatrix,
  readOperand,
  type TypedArray,
} from '../matrix/operand.js';
import { RESIDENT_ADVICE, type ResidentMatrix } from '../matrix/resident.js';
import { Block } from '../memory/block.js';
import { random } from '../random/random.js';
import {
  BLANK,
  type Blank,
  blankNetwork,
  checkAlive,
  checkIdle,
  type GradientOptions,
  type GradientResult,
  type LossOptions,
  PARTS,
  type PartialOptions,
  type Parts,
  type Targets,
} from './calls.js';
import { allFinite, refuseNonFinite } from './finite.js';
import { checkGradients, type GradientCheck, type GradientCheckOptions } from './gradient-check.js';
import {
  checkPartial,
  copyGradients,
  isTreeNode,
  layerViews,
  NetworkGradients,
  type PartialGradients,
  tilesOf,
} from './gradients.js';
import { Held } from './held.js';
import { type NetworkJSON, toJSON } from './json.js';
import { checkPenalties, type Penalties, PenaltySums } from './penalties.js';
import { gradientNorms, jacobian, perSampleGradients } from './per-row.js';
import { linearOf, type NetworkOptions, optionsOf, type Plan, readParameters, readPlan } from './plan.js';
import { summary } from './summary.js';
import { NO_OPTIONS, Tiles } from './tiles.js';

const LOSS_OPTIONS = ['sampleWeight', 'l2', 'l1', 'penalty', 'rowsSeen'];
const GRADIENT_OPTIONS = [...LOSS_OPTIONS, 'wrtInputs'];
const NO_PENALTIES: Penalties = { l2: undefined, l1: undefined, penalty: undefined };

/**
 * A dense network: each layer is h = f(x W + b), and a loss compares the last one's outputs with targets. Parameters,
 * activations and gradients live in the engine's linear memory; X passes through it in tiles of 256 rows.
 *
 * Every method throws a DisposedError after dispose(), and a ShapeError, ValueError or DtypeError that names the argument.
 *
 * @example
 * const net = engine.network({ inputs: 2, layers: [{ units: 3, activation: 'tanh' }, 1], seed: 1 });
 * net.forward([[1, 2], [3, 4]]).shape; // [2, 1]
 * net.gradients([[1, 2], [3, 4]], [0, 1]).weights[0].shape; // [2, 3]
 */
export class Network<D extends Dtype = Dtype> extends Held {
  readonly #session: Session;
  readonly #k: DtypeKernels;
  readonly #plan: Plan;
  readonly #parameters: Block;
  readonly #batch: Tiles;
  #penalties: PenaltySums | undefined;
  #lastPenalties = NO_PENALTIES;
  /** One element, for a loss by itself. */
  readonly #loss: Block;
  /** What gradients() copies from. */
  #own: NetworkGradients<D> | undefined;
  #twin: Network<D> | undefined;
  /** What `parameters` handed out. */
  #view: TypedArray | undefined;

  /** @internal */
  declare readonly [PARTS]: Parts;
  /** Of each layer, inputs x units: resident, readable and writable. */
  readonly weights: readonly ResidentMatrix<D>[];
  /** Of each layer, 1 x units; undefined where it has no biases. */
  readonly biases: readonly (ResidentMatrix<D> | undefined)[];

  /** Use `engine.network`, or an entry's `Network`. @internal */
  constructor(session: Session, options: NetworkOptions, fallback: Dtype, blank?: Blank) {
    super();
    const plan = blank?.plan ?? readPlan(options, fallback);
    const given = readParameters(options, plan);
    const rng = random(plan.seed);
    refuseCloning(this, RESIDENT_ADVICE);
    this.#session = session;
    this.#k = session[plan.dtype];
    this.#plan = plan;
    this.#parameters = blank?.block ?? new Block(session.heap, plan.size * this.#k.bytes);
    this[PARTS] = { session, plan, block: this.#parameters };
    ({ weights: this.weights, biases: this.biases } = layerViews<D>(session, plan, this.#parameters));
    const fixed = { __proto__: null, writable: false };
    Object.defineProperties(this, { weights: fixed, biases: fixed });
    try {
      const all = session.elementsAt(this.#parameters.address, plan.dtype, plan.size);
      if (blank === BLANK) all.fill(0);
      for (const [i, layer] of plan.layers.entries()) {
        const views = layer.parameters.map(({ offset, size }) => all.subarray(offset, offset + size));
        // Drawn even where weights are given: what a layer begins with does not depend on what others were given.
        if (!blank) layer.initialize(rng, views, plan.layers[Math.min(i, plan.layers.length - 2)]?.activation);
        for (const [j, view] of views.entries()) view.set(given[i][j] ?? []);
      }
      this.#batch = new Tiles(session, plan, this.#parameters);
      this.#loss = new Block(session.heap, 8);
    } catch (error) {
      if (!blank?.block) this.#parameters.dispose();
      throw error;
    }
  }

  /** Columns of X. */
  get inputs(): number {
    return this.#plan.inputs;
  }

  /** Columns of the output. */
  get outputs(): number {
    return this.#plan.outputs;
  }

  /** What parameters, and all that is computed, are. */
  get dtype(): D {
    return this.#plan.dtype as D;
  }

  /**
   * All parameters as one vector: layer by layer, the weights row by row, then the biases. The same view of linear memory
   * every time, which stays attached: `slice()` copies it; assigning copies numbers in.
   */
  get parameters(): ArrayOf<D> {
    this.#check();
    const { session, plan, block } = this[PARTS];
    this.#view ??= session.lend(block, block.address, plan.dtype, plan.size);
    return this.#view as ArrayOf<D>;
  }

  set parameters(values: ArrayLike<number>) {
    const { dtype, size } = this.#plan;
    const operand = isVector(values) ? readOperand(values, 'parameters') : undefined;
    this.#check();
    checkIdle(this[PARTS]);
    if (operand?.rows !== size) {
      const got = operand ? operand.rows : describe(values);
      throw new ShapeError(`"parameters" must have ${size} elements, got ${got}`);
    }
    copyRows(operand, this.#session.elementsAt(this.#parameters.address, dtype, size), 0, 0, size);
  }

  /** Options that make such a network anew, defaults filled in; without its parameters. */
  get options(): NetworkOptions<D> {
    return optionsOf(this.#plan) as NetworkOptions as NetworkOptions<D>;
  }

  /** Whether it was disposed: then it has no parameters any more. */
  get disposed(): boolean {
    return this.#parameters.disposed;
  }

  #check(): void {
    checkAlive(this.#parameters);
  }

  /** The outputs, rows x outputs, as a new matrix. @param X rows x inputs, of either dtype: it is rounded to the network's */
  forward(X: RowsInput): Matrix<D> {
    this.#check();
    this.#batch.readInputs(X);
    const { dtype, outputs } = this.#plan;
    const { rows } = this.#batch;
    const result = newArray(dtype, rows * outputs);
    this.#forward(result);
    return new Matrix(rows, outputs, result as ArrayOf<D>);
  }

  /** The same into `out`, rows x outputs of the network's dtype, which is returned. */
  forwardInto<M extends MatrixOutput>(X: RowsInput, out: M): M {
    this.#check();
    const { dtype, outputs } = this.#plan;
    const target = readMatrix(out, 'out');
    this.#batch.readInputs(X);
    checkOutput(target, dtype, this.#batch.rows, outputs);
    // Read by its place: making room may have moved memory.
    const at = this.#session.addressOf(target);
    const outside = at < 0 ? (target.flat as TypedArray) : undefined;
    const to = outside ?? this.#session.elementsAt(at, dtype, target.rows * outputs);
    this.#batch.checkApart(to.byteOffset, to.byteLength, outside);
    this.#forward(to);
    return out;
  }

  #forward(to: TypedArray): void {
    this.#batch.forward(to);
    if (this.#plan.onNonFinite === 'throw' && !to.every(Number.isFinite)) this.#refuse('an output');
    this.#batch.forget();
  }

  #refuse(what: string): never {
    refuseNonFinite(what, this.#plan, elementsOfNetwork(this), this.#batch.sources);
  }

  /** The loss, with penalties if asked for. */
  loss(X: RowsInput, y: Targets, options: LossOptions = NO_OPTIONS): number {
    this.#check();
    const penalties = options === NO_OPTIONS ? NO_PENALTIES : this.#readLossOptions(options, 'loss');
    this.#batch.read(X, y, options, 1, false);
    this.#sum(this.#loss.address, 1, 0, undefined, penalties);
    return this.#session.view(this.#plan.dtype)[this.#loss.address / this.#k.bytes];
  }

  /**
   * The loss and its gradients, as new matrices: the true gradients of that loss, so `w -= rate * gradient` descends.
   *
   * @param X rows x inputs, 1 row or more
   * @param y rows x outputs; a vector where there is one output; for crossEntropy integer labels will do
   * @throws {NonFiniteError} if the network was told to
   */
  gradients(
    X: RowsInput,
    y: Targets,
    options: GradientOptions & { wrtInputs: true },
  ): GradientResult<D> & { readonly inputs: Matrix<D> };
  gradients(X: RowsInput, y: Targets, options?: GradientOptions): GradientResult<D>;
  gradients(X: RowsInput, y: Targets, options: GradientOptions = NO_OPTIONS): GradientResult<D> {
    this.#check();
    const penalties =
      options === NO_OPTIONS ? NO_PENALTIES : this.#readLossOptions(options, 'gradients', GRADIENT_OPTIONS);
    const wrtInputs = checkFlag(own(options, 'wrtInputs') ?? false, 'wrtInputs');
    const { dtype, size, inputs } = this.#plan;
    this.#batch.read(X, y, options, size + 1, wrtInputs);
    const out = this.#ownGradients();
    const { rows } = this.#batch;
    const inputGradients = wrtInputs ? newArray(dtype, rows * inputs) : undefined;
    this.#sum(out.block.address, size + 1, 0, inputGradients, penalties);
    const result = copyGradients(out);
    if (!inputGradients) return result;
    return { ...result, inputs: new Matrix(rows, inputs, inputGradients as ArrayOf<D>) };
  }

  /** Made after the arguments were read, whose views it may detach. */
  #ownGradients(): NetworkGradients<D> {
    this.#own ??= this.zeroGradients();
    return this.#own;
  }

  /** Buffers in linear memory for gradientsInto. @param options `rows`: to have the gradients of so many rows' inputs too */
  zeroGradients(options: { rows: number }): NetworkGradients<D> & { readonly inputs: ResidentMatrix<D> };
  zeroGradients(options?: { rows?: number }): NetworkGradients<D>;
  zeroGradients(options: { rows?: number } = {}): NetworkGradients<D> {
    this.#check();
    const { rows } = readOptions(options, ['rows'], 'zeroGradients');
    return new NetworkGradients(this.#session, this.#plan, rows);
  }

  /**
   * The loss and its gradients into `out`, which is returned. Where X and y are resident in the network's dtype it copies
   * and allocates nothing.
   *
   * @param out what this network's zeroGradients() returned
   */
  gradientsInto<Out extends NetworkGradients<D>>(
    X: RowsInput,
    y: Targets,
    out: Out,
    options: LossOptions = NO_OPTIONS,
  ): Out {
    this.#check();
    const penalties = options === NO_OPTIONS ? NO_PENALTIES : this.#readLossOptions(options, 'gradientsInto');
    if (!(out instanceof NetworkGradients) || out.plan.layers !== this.#plan.layers) {
      throw new ValueError(`"out" must come from this network's zeroGradients(), got ${describe(out)}`);
    }
    const { size } = this.#plan;
    this.#batch.read(X, y, options, size + 1, false);
    if (out.block.disposed || out.inputs?.disposed) throw new DisposedError('"out" was disposed');
    const { inputs } = out;
    const { bytes } = this.#k;
    this.#batch.checkApart(out.block.address, (size + 1) * bytes, undefined);
    if (inputs) this.#batch.checkApart(inputs[PLACE].address, inputs.rows * inputs.cols * bytes, undefined);
    if (inputs) checkSameRows('out', inputs.rows, 'X', this.#batch.rows);
    out.state.finite = this.#sum(out.block.address, size + 1, inputs ? inputs[PLACE].address : 0, undefined, penalties);
    out.state.share = (this.#plan.reduction === 'mean' ? this.#batch.weightTotal : 1) / this.#batch.rows;
    return out;
  }

  /**
   * The gradients of the sum of outputGradient * output, as gradients() and gradientsInto() return them: what dLoss/dOutput of
   * whatever loss becomes, when it goes back through the network. Nothing is divided, whatever the network's `reduction` is.
   *
   * @param outputGradient rows x outputs
   * @param out what zeroGradients() returned, or the options of gradients(): then the gradients are new matrices
   * @param options of gradientsInto(), with what zeroGradients() returned
   */
  backward<Out extends NetworkGradients<D>>(
    X: RowsInput,
    outputGradient: MatrixInput,
    out: Out,
    options?: LossOptions,
  ): Out;
  backward(
    X: RowsInput,
    outputGradient: MatrixInput,
    options: GradientOptions & { wrtInputs: true },
  ): GradientResult<D> & { readonly inputs: Matrix<D> };
  backward(X: RowsInput, outputGradient: MatrixInput, options?: GradientOptions): GradientResult<D>;
  backward(
    X: RowsInput,
    outputGradient: MatrixInput,
    out: NetworkGradients<D> | GradientOptions = NO_OPTIONS,
    options?: LossOptions,
  ) {
    const twin = this.#linear;
    return out instanceof NetworkGradients
      ? twin.gradientsInto(X, outputGradient, out, options)
      : twin.gradients(X, outputGradient, out);
  }

  /** Over the same parameters, of the loss whose targets are its derivatives. */
  get #linear(): Network<D> {
    this.#check();
    this.#twin ??= twinOf(this[PARTS]) as Network<D>;
    return this.#twin;
  }

  /** The penalties among the options of a call, all of which are checked: those of the last call, if they are the same. */
  #readLossOptions(options: LossOptions, where: string, known = LOSS_OPTIONS): Penalties {
    checkOptions(options, known, where);
    const l2 = own(options, 'l2');
    const l1 = own(options, 'l1');
    const penalty = own(options, 'penalty');
    const last = this.#lastPenalties;
    if (l2 === last.l2 && l1 === last.l1 && penalty === last.penalty) return last;
    const penalties = { l2, l1, penalty };
    checkPenalties(penalties);
    this.#lastPenalties = penalties;
    return penalties;
  }

  /** Sums over what was read, then the mean and the penalties: `count` elements at `to`, the loss last. */
  #sum(to: number, count: number, inputsAt: number, inputsOut: TypedArray | undefined, penalties: Penalties): boolean {
    this.#batch.sum(to, count, inputsAt, inputsOut);
    return this.#finish(to, count, penalties);
  }

  /** Returns whether all are known to be finite. */
  #finish(to: number, count: number, penalties: Penalties): boolean {
    const { dtype, onNonFinite } = this.#plan;
    let finite = this.#batch.average(count, to);
    if (penalties.l2 || penalties.l1) {
      finite = false;
      this.#penalties ??= new PenaltySums(this.#session, this.#plan);
      this.#penalties.add(this.#parameters.address, to, count, penalties, this.#batch.weightTotal);
    }
    if (onNonFinite === 'throw' && !finite && !allFinite(this.#session, dtype, to, count)) {
      this.#refuse(count === 1 ? 'the loss' : 'the loss or a gradient');
    }
    this.#batch.forget();
    return finite;
  }

  /**
   * Sums over some rows of a larger batch, for `mergePartials`, which gives the bits of the whole wherever the batch was cut
   * at a multiple of 256 * 2^k rows. This is how threads and machines share a batch.
   *
   * @throws {ValueError} if the rows are no node of the canonical tree: `rowOffset` must be a multiple of 256 * 2^k for the
   * smallest 2^k tiles of 256 rows that hold them
   */
  partialGradients(X: RowsInput, y: Targets, options: PartialOptions = {}): PartialGradients {
    this.#check();
    const given = readOptions(options, ['rowOffset', 'sampleWeight', 'rowsSeen'], 'partialGradients');
    const { rowOffset = 0 } = given;
    const { dtype, size } = this.#plan;
    this.#batch.read(X, y, given, size + 1, false, rowOffset);
    const { address } = this.#ownGradients().block;
    const { rows, weightTotal } = this.#batch;
    const whole = isInteger(rowOffset, 0) && rowOffset % TILE === 0;
    if (!whole || !isTreeNode(rowOffset / TILE, tilesOf(rows))) {
      const step = TILE * 2 ** Math.ceil(Math.log2(tilesOf(rows)));
      refuseValue('rowOffset', `a multiple of ${step} for ${rows} rows`, rowOffset);
    }
    this.#batch.sum(address, size + 1, 0, undefined);
    this.#batch.forget();
    const sums = this.#session.elementsAt(address, dtype, size + 1).slice();
    return { rowOffset, rows, weightTotal, dtype, sums };
  }

  /** What gradients() returns, from the partial of a whole batch. */
  gradientsFrom(partial: PartialGradients, options: Penalties = {}): GradientResult<D> {
    this.#check();
    const penalties = readOptions(options, ['l2', 'l1', 'penalty'], 'gradientsFrom');
    checkPenalties(penalties);
    const { dtype, size } = this.#plan;
    if (partial?.dtype !== dtype || partial.sums?.length !== size + 1) {
      throw new ShapeError(`"partial" must hold ${size + 1} ${dtype} sums, as this network returns`);
    }
    checkPartial(partial, 'partial');
    if (partial.rowOffset !== 0 || !(partial.weightTotal > 0)) {
      throw new ValueError('"partial" must be of a whole batch: merge its parts first');
    }
    const out = this.#ownGradients();
    const { address } = out.block;
    this.#session.elementsAt(address, dtype, size + 1).set(partial.sums);
    this.#batch.weightTotal = partial.weightTotal;
    this.#finish(address, size + 1, penalties);
    return copyGradients(out);
  }

  /** The gradient of each row's own loss, unweighted and without penalties: rows x parameters, in their order. */
  perSampleGradients(X: RowsInput, y: Targets): Matrix<D> {
    this.#check();
    return perSampleGradients(this.#session, this.#plan, this.#batch, X, y) as Matrix<D>;
  }

  /** The Euclidean norms of those, without computing them: one for each row. */
  gradientNorms(X: RowsInput, y: Targets): ArrayOf<D> {
    this.#check();
    return gradientNorms(this.#session, this.#plan, this.#batch, X, y) as ArrayOf<D>;
  }

  /** Derivatives of the outputs with respect to the inputs: (rows * outputs) x inputs, row i * outputs + j for output j of row i. */
  jacobian(X: RowsInput): Matrix<D> {
    return jacobian(this.#session, this.#plan, this.#linear.#batch, X) as Matrix<D>;
  }

  /** Compares every gradient, those of the inputs too, with central differences, which are taken in f64. */
  checkGradients(X: RowsInput, y: Targets, options: GradientCheckOptions = {}): GradientCheck {
    const twin = this.#copy('f64');
    try {
      return checkGradients(this, twin, X, y, options);
    } finally {
      twin.dispose();
    }
  }

  /** A table: layer, shape, activation, parameters, bytes, multiply-adds for each row. */
  summary(): string {
    this.#check();
    return summary(this.#plan);
  }

  /** A network of its own with the same parameters, in the same engine. */
  clone(): this {
    return this.#copy(this.#plan.dtype);
  }

  #copy(dtype: Dtype): this {
    this.#check();
    const options = { ...this.options, dtype };
    // The class of the engine, which takes options alone.
    const copy = blankNetwork<this>(this.constructor, options);
    const { block } = copy[PARTS];
    const elements = (at: number, dtype: Dtype) => this.#session.elementsAt(at, dtype, this.#plan.size);
    elements(block.address, dtype).set(elements(this.#parameters.address, this.#plan.dtype));
    return copy;
  }

  /** What `Network.fromJSON` takes back, to the last bit: the options with all parameters. For small networks. */
  toJSON(): NetworkJSON {
    this.#check();
    return toJSON(this.#plan, elementsOfNetwork(this));
  }

  /**
   * Gives its memory back; harmless when repeated. Its weights and biases cannot be used afterwards; what was handed out of
   * their memory is given to no one else as long as someone has it.
   *
   * @throws {ValueError} while it is being trained
   */
  dispose(): void {
    if (this.disposed) return;
    checkIdle(this[PARTS]);
    this.#twin?.dispose();
    this.#parameters.dispose();
    this.#view = undefined;
    this.#batch.dispose();
    this.#penalties?.dispose();
    this.#loss.dispose();
    this.#own?.dispose();
  }
}

/** @param more what else to say @throws {ValueError} unless it is a network */
export function checkNetwork(net: unknown, more = ''): asserts net is Network {
  if (net instanceof Network) return;
  refuseValue('net', 'a Network', net, '', ofOtherCopy(net, 'jacobian') || more);
}

/** A network's parameters for immediate use; `parameters` would hand out a view, to be kept. @throws {DisposedError} */
export function elementsOfNetwork(net: Network): TypedArray {
  const { session, plan, block } = net[PARTS];
  checkAlive(block);
  return session.elementsAt(block.address, plan.dtype, plan.size);
}

const twinOf = ({ session, plan, block }: Parts) =>
  new Network(session, { layers: [] } as never, plan.dtype, {
    plan: linearOf(plan),
    block,
  });
