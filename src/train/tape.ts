// A tape: a forward pass that is kept, so that the backward pass needs no second one.

import { describe } from '../checks/describe.js';
import { DisposedError, ValueError } from '../checks/errors.js';
import { checkOptions, own, readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkFlag, checkInteger } from '../checks/values.js';
import type { MatrixOutput } from '../functions/api.js';
import { TILE } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import { Matrix } from '../matrix/matrix.js';
import {
  checkOutput,
  checkSameRows,
  type MatrixInput,
  newArray,
  PLACE,
  type RowsInput,
  readMatrix,
  refuseShared,
  type TypedArray,
} from '../matrix/operand.js';
import { DISPOSE, RESIDENT_ADVICE } from '../matrix/resident.js';
import { Block } from '../memory/block.js';
import { checkAlive, type GradientResult, type LossOptions, PARTS, type Parts } from '../network/calls.js';
import { allFinite, refuseNonFinite } from '../network/finite.js';
import { copyGradients, NetworkGradients } from '../network/gradients.js';
import { checkNetwork, type Network } from '../network/network.js';
import { linearOf, type Plan } from '../network/plan.js';
import { NO_OPTIONS, Tiles } from '../network/tiles.js';
import { KeptPasses } from './kept-passes.js';

type PassOptions = Pick<LossOptions, 'rowsSeen'>;

const PASS_OPTIONS = ['rowsSeen'];

/** Tiles whose forward passes are kept. */
class KeptTiles extends Tiles {
  override readonly passes: KeptPasses;

  constructor(session: Session, plan: Plan, block: Block) {
    super(session, plan, block);
    this.passes = new KeptPasses(session, plan, block);
  }
}

/**
 * A forward pass of a network that is kept: look at the outputs, make dLoss/dOutput of them, and hand that in. The gradients are
 * those of `net.backward`, to the last bit, without passing forward twice.
 *
 * It holds copies of the rows and of the parameters: what becomes of X and of the network after forward() changes nothing. Each
 * forward() takes the place of the one before; backward() may be called again.
 *
 * @example
 * const net = network({ inputs: 2, layers: [{ units: 3, activation: 'tanh' }, 1], seed: 1 });
 * const tape = new GradientTape(net);
 * const output = tape.forward([[1, 2], [3, 4]]);
 * const { weights } = tape.backward(output.toArray().map(([o]) => [2 * (o - 1)]));
 * weights[0].shape; // [2, 3]
 * tape.dispose();
 */
export class GradientTape {
  readonly #parts: Parts;
  readonly #block: Block;
  readonly #inputs: Block;
  readonly #inputGradient: Block;
  readonly #tiles: KeptTiles;
  #own: NetworkGradients | undefined;
  /** How many were passed forward; 0 before. */
  #rows = 0;
  /** Rows that the training had had before them, if they are a step of one; else -1. */
  #seen = -1;

  /** @param net whose passes it keeps: it may have as many tapes as there are passes to be kept at once */
  constructor(net: Network, options?: undefined) {
    checkNetwork(net);
    if (options !== undefined) {
      throw new ValueError(
        'GradientTape takes a network alone: "rowsSeen" is an option of forward(), "wrtInputs" of backward()',
      );
    }
    const { session, plan, block } = net[PARTS];
    checkAlive(block);
    refuseCloning(this, RESIDENT_ADVICE);
    this.#parts = net[PARTS];
    this.#block = new Block(session.heap, plan.size * session[plan.dtype].bytes);
    this.#inputs = new Block(session.heap, 0);
    this.#inputGradient = new Block(session.heap, 0);
    this.#tiles = new KeptTiles(session, linearOf(plan), this.#block);
  }

  /** Whether it was disposed. */
  get disposed(): boolean {
    return this.#block.disposed;
  }

  #check(): void {
    if (this.disposed) throw new DisposedError('this tape was disposed');
  }

  /**
   * The outputs, rows x outputs, as a new matrix.
   *
   * @param X rows x inputs, of either dtype
   * @param options `rowsSeen`: that this is a step of a training, as net.gradients takes it; default: it is a prediction
   * @throws {NonFiniteError} if the network was told to
   */
  forward(X: RowsInput, options: PassOptions = NO_OPTIONS): Matrix {
    const { dtype, outputs } = this.#parts.plan;
    this.#read(X, options, 'forward');
    const result = newArray(dtype, this.#rows * outputs);
    this.#forward(result);
    return new Matrix(this.#rows, outputs, result);
  }

  /** The same into `out`, rows x outputs of the network's dtype, which is returned. */
  forwardInto<M extends MatrixOutput>(X: RowsInput, out: M, options: PassOptions = NO_OPTIONS): M {
    this.#check();
    const { session, plan } = this.#parts;
    const target = readMatrix(out, 'out');
    this.#read(X, options, 'forwardInto');
    checkOutput(target, plan.dtype, this.#rows, plan.outputs);
    const at = session.addressOf(target);
    const n = target.rows * target.cols;
    if (at >= 0) {
      const { address } = this.#parts.block;
      const bytes = session[plan.dtype].bytes;
      if (at < address + plan.size * bytes && address < at + n * bytes) refuseShared('the parameters');
    }
    this.#forward(at < 0 ? (target.flat as TypedArray) : session.elementsAt(at, plan.dtype, n));
    return out;
  }

  /** Copies rows and parameters. */
  #read(X: RowsInput, options: PassOptions, where: string): void {
    this.#check();
    checkOptions(options, PASS_OPTIONS, where);
    const rowsSeen = own(options, 'rowsSeen');
    const seen = rowsSeen === undefined ? -1 : checkInteger(rowsSeen, 'rowsSeen', 0);
    const { session, plan, block } = this.#parts;
    const { dtype, inputs, size } = plan;
    const { x, y, passes } = this.#tiles;
    const parsed = x.parse(X);
    // No code of the caller's runs from here on.
    this.#check();
    checkAlive(block);
    this.#rows = 0;
    x.use(parsed);
    const { rows } = x;
    const { bytes } = session[dtype];
    this.#inputs.reach(rows * inputs * bytes);
    passes.record(this.#inputs.address, rows);
    x.copyTo(session.view(dtype), this.#inputs.address / bytes, 0, rows);
    x.place(this.#inputs.address, rows);
    y.rows = 0;
    const view = session.view(dtype);
    view.copyWithin(this.#block.address / bytes, block.address / bytes, block.address / bytes + size);
    this.#rows = rows;
    this.#seen = seen;
    passes.seen = seen;
  }

  /** @throws {NonFiniteError} unless all of n numbers at an address are finite, or the network does not ask for that */
  #checkFinite(what: string, address: number, n: number): void {
    const { session, plan } = this.#parts;
    if (plan.onNonFinite !== 'throw' || allFinite(session, plan.dtype, address, n)) return;
    const parameters = session.elementsAt(this.#block.address, plan.dtype, plan.size);
    refuseNonFinite(what, plan, parameters, this.#tiles.sources);
  }

  #forward(to: TypedArray): void {
    const { session, plan } = this.#parts;
    const { x, passes } = this.#tiles;
    for (let from = 0; from < this.#rows; from += TILE) {
      const count = Math.min(TILE, this.#rows - from);
      passes.from = from;
      passes.forward(x.tile(from, count), count, true);
      this.#checkFinite('an output', passes.outputs, count * plan.outputs);
      session.copyOut(plan.dtype, passes.outputs, count * plan.outputs, to, from * plan.outputs);
    }
  }

  /**
   * The gradients of the sum of outputGradient * output, as `net.backward` returns them.
   *
   * @param outputGradient rows x outputs
   * @param out what the network's zeroGradients() returned, or `{ wrtInputs }`: then the gradients are new matrices
   */
  backward(outputGradient: MatrixInput | ArrayLike<number>, out: NetworkGradients): NetworkGradients;
  backward(outputGradient: MatrixInput | ArrayLike<number>, options?: { wrtInputs?: boolean }): GradientResult;
  backward(
    outputGradient: MatrixInput | ArrayLike<number>,
    out: NetworkGradients | { wrtInputs?: boolean } = {},
  ): NetworkGradients | GradientResult {
    this.#check();
    return out instanceof NetworkGradients ? this.#into(outputGradient, out) : this.#fresh(outputGradient, out);
  }

  #fresh(outputGradient: unknown, options: { wrtInputs?: boolean }): GradientResult {
    const { session, plan } = this.#parts;
    readOptions(options, ['wrtInputs'], 'backward');
    const wrtInputs = checkFlag(own(options, 'wrtInputs') ?? false, 'wrtInputs');
    this.#readGradient(outputGradient);
    this.#own ??= new NetworkGradients(session, plan, undefined);
    const n = this.#rows * plan.inputs;
    const inputs = wrtInputs ? newArray(plan.dtype, n) : undefined;
    if (inputs) this.#inputGradient.reach(n * session[plan.dtype].bytes);
    const at = inputs ? this.#inputGradient.address : 0;
    this.#sum(this.#own, at);
    const result = copyGradients(this.#own);
    if (!inputs) return result;
    session.copyOut(plan.dtype, at, n, inputs, 0);
    return { ...result, inputs: new Matrix(this.#rows, plan.inputs, inputs) };
  }

  #into(outputGradient: unknown, out: NetworkGradients): NetworkGradients {
    const { session, plan } = this.#parts;
    if (out.plan.layers !== plan.layers) {
      throw new ValueError(`"out" must come from this network's zeroGradients(), got ${describe(out)}`);
    }
    this.#readGradient(outputGradient);
    if (out.block.disposed || out.inputs?.disposed) throw new DisposedError('"out" was disposed');
    const { inputs } = out;
    const { bytes } = session[plan.dtype];
    this.#tiles.checkApart(out.block.address, (plan.size + 1) * bytes, undefined);
    if (inputs) {
      this.#tiles.checkApart(inputs[PLACE].address, inputs.rows * inputs.cols * bytes, undefined);
      checkSameRows('out', inputs.rows, 'X', this.#rows);
    }
    this.#sum(out, inputs ? inputs[PLACE].address : 0);
    out.state.finite = false;
    out.state.share = 1 / this.#rows;
    return out;
  }

  #sum({ block }: NetworkGradients, inputsAt: number): void {
    const count = this.#parts.plan.size + 1;
    this.#tiles.sum(block.address, count, inputsAt, undefined);
    this.#checkFinite('the loss or a gradient', block.address, count);
    this.#tiles.y.forget();
  }

  #readGradient(outputGradient: unknown): void {
    const tiles = this.#tiles;
    const parsed = tiles.y.parse(outputGradient);
    this.#check();
    if (this.#rows === 0) throw new ValueError('call forward() before backward(): this tape holds no pass yet');
    tiles.y.use(parsed);
    checkSameRows('X', this.#rows, tiles.y.name, tiles.y.rows);
    tiles.begin(this.#parts.plan.size + 1, this.#seen);
  }

  /** Gives its memory back; harmless when repeated. */
  dispose(): void {
    if (this.disposed) return;
    this.#rows = 0;
    this.#tiles.dispose();
    this.#inputs.dispose();
    this.#inputGradient.dispose();
    this.#own?.dispose();
    this.#block.dispose();
  }

  /** `dispose()`, at the end of a block with `using`. */
  [DISPOSE](): void {
    this.dispose();
  }
}
