// L-BFGS over a network's parameters, all vectors in linear memory: Nocedal and Wright, Numerical Optimization (2006),
// algorithm 7.4 (two loops), with the safeguards of minFunc that torch.optim.LBFGS has too, whose trajectories these are.

import { atLeastOne, fromZero, positive } from '../../checks/readers.js';
import { type Check, integer, mismatch, number, numbers, optional, record } from '../../files/schema.js';
import type { DtypeKernels } from '../../kernels/core.js';
import type { TypedArray } from '../../matrix/operand.js';
import { Block } from '../../memory/block.js';
import type { Parts } from '../../network/calls.js';
import type { Sliced } from '../../numbers/sliced.js';
import { SumTree } from '../../numbers/tree.js';
import type { StopReason } from '../loop/history.js';
import { atMost, type NetworkSize, vector } from './forms.js';
import { type Line, type Point, search } from './line-search.js';
import type { Iterations, PlanOf, Rate, Whole } from './optimizer.js';

/** Options of lbfgs (Nocedal and Wright 2006, algorithm 7.4). */
export interface LbfgsOptions extends Rate {
  /** learningRate, the first step that a line search tries, default 1. Takes all rows at once; an epoch is an iteration. */
  name: 'lbfgs';
  /** Pairs of steps and gradient differences that are kept; default 10. */
  memory?: number;
  /** Evaluations in one line search; default 25. */
  maxLineSearch?: number;
  /** Evaluations in all; default 15000. */
  maxFunctionCalls?: number;
  /** Ends when no gradient is larger; default 1e-5. */
  toleranceGradient?: number;
  /** Ends when neither step nor loss changes more; default 1e-9. */
  toleranceChange?: number;
}

type LbfgsPlan = PlanOf<LbfgsOptions>;

/** From so many parameters on, others may have their turn between two passes over them, 0.1 ms each. */
const LONG = 1 << 16;

/** An iteration evaluates the loss about so often. */
const EVALUATIONS = 2;

export const lbfgs: Whole<LbfgsOptions> = {
  whole: true,
  options: {
    learningRate: positive(1),
    memory: atLeastOne(10),
    maxLineSearch: atLeastOne(25),
    maxFunctionCalls: atLeastOne(15000),
    toleranceGradient: fromZero(1e-5),
    toleranceChange: fromZero(1e-9),
  },
  passes: ({ maxFunctionCalls }, epochs) => Math.min(maxFunctionCalls, EVALUATIONS * epochs),
  begin: (parts, plan, gradients, evaluate) => new Lbfgs(parts, plan, gradients, evaluate),
  form: (size, plan) => optional(stateForm(size, plan)) as Check<object>,
};

/**
 * Pairs whose product is smaller say nothing of the curvature: 1e-10 as in minFunc, less where changes as small are meant to
 * count (a search that gets no new pairs any more goes on along old ones for ever), never so small that its reciprocal overflows.
 */
const minCurvature = ({ toleranceChange }: LbfgsPlan) => Math.min(1e-10, Math.max(1e-300, 0.1 * toleranceChange));

/**
 * `gradient`: no gradient is larger than toleranceGradient; `change`: neither step nor loss changed by more than
 * toleranceChange, or the direction does not descend by more; `limit`: maxFunctionCalls was reached.
 */
export type LbfgsStatus = 'continue' | 'gradient' | 'change' | 'limit';

/** What a further iteration depends on, beside the parameters. */
export interface LbfgsState {
  readonly iterations: number;
  readonly functionCalls: number;
  readonly step: number;
  readonly scale: number;
  readonly rho: readonly number[];
  readonly direction: TypedArray;
  readonly previous: TypedArray;
  readonly differences: readonly TypedArray[];
  readonly steps: readonly TypedArray[];
}

function stateForm(size: NetworkSize, { memory }: LbfgsPlan): Check<LbfgsState> {
  const form = record<LbfgsState>({
    iterations: integer(0),
    functionCalls: integer(1),
    step: number,
    scale: number,
    rho: numbers(0, memory),
    direction: vector(size),
    previous: vector(size),
    differences: atMost(vector(size), memory),
    steps: atMost(vector(size), memory),
  });
  return (value, path) => {
    const state = form(value, path);
    const { rho, differences, steps } = state;
    if (rho.length === differences.length && rho.length === steps.length) return state;
    return mismatch(path, `keeps ${rho.length} rho, ${differences.length} differences and ${steps.length} steps`);
  };
}

export class Lbfgs implements Iterations, Line {
  readonly #parts: Parts;
  readonly #bytes: number;
  readonly #n: number;
  readonly #plan: LbfgsPlan;
  readonly #gradients: number;
  readonly #evaluate: () => Sliced<number>;
  readonly #tree: SumTree;
  readonly #blocks: Block[] = [];
  readonly #direction: Block;
  readonly #previous: Block;
  readonly #origin: Block;
  /** Gradients of points on the line: the one before, and the two ends of the bracket. */
  readonly spare: readonly Block[];
  /** Newest last. */
  #differences: Block[] = [];
  #steps: Block[] = [];
  #rho: number[] = [];
  readonly #alpha: Float64Array;
  /** Whether one sum or copy of so many numbers takes a while. */
  readonly #long: boolean;
  #scale = 1;
  #step = 0;
  #iterations = 0;
  functionCalls = 0;
  /** The first step that a line search tries. */
  rate = 1;
  /** At the parameters as they are after an iteration. */
  loss = Number.NaN;

  /**
   * @param gradients their address
   * @param evaluate computes them, and the loss that it returns, at the parameters as they are
   */
  constructor(parts: Parts, plan: LbfgsPlan, gradients: number, evaluate: () => Sliced<number>) {
    const { session, plan: network } = parts;
    this.#parts = parts;
    this.#bytes = session[network.dtype].bytes;
    this.#n = network.size;
    this.#long = network.size > LONG;
    this.#plan = plan;
    this.#gradients = gradients;
    this.#evaluate = evaluate;
    this.#tree = new SumTree(network.dtype);
    this.#alpha = new Float64Array(plan.memory);
    this.#direction = this.#block();
    this.#previous = this.#block();
    this.#origin = this.#block();
    this.spare = [this.#block(), this.#block(), this.#block(), this.#block()];
  }

  #block(): Block {
    const block = new Block(this.#parts.session.heap, this.#n * this.#bytes);
    this.#blocks.push(block);
    return block;
  }

  /** n numbers at an address, for immediate use. */
  #at(address: number): TypedArray {
    return this.#parts.session.elementsAt(address, this.#parts.plan.dtype, this.#n);
  }

  #copy(from: number, to: number): void {
    this.#at(to).set(this.#at(from));
  }

  /** Threads share long ones. */
  get #k(): DtypeKernels {
    const { session, plan } = this.#parts;
    return session.divided(session[plan.dtype], this.#n);
  }

  /** By contract rule 4. */
  #dot(x: number, y: number): number {
    const { session, plan } = this.#parts;
    const { dot } = session[plan.dtype];
    const tree = this.#tree;
    tree.reset();
    if (!session.share(this.#n)?.blocks(dot, this.#n, x, y, tree)) tree.addBlocks(dot, this.#n, x, y, this.#bytes);
    tree.finish();
    return tree.sum;
  }

  #largest(address: number): number {
    const values = this.#at(address);
    let largest = 0;
    // By index: an iterator takes four times as long, and there may be millions.
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]);
      if (!(size <= largest)) largest = size;
    }
    return largest;
  }

  /** y = alpha x. */
  #scaled(alpha: number, x: number, y: number): void {
    this.#at(y).fill(0);
    this.#k.axpy(this.#n, alpha, x, y);
  }

  *next(): Sliced<StopReason | undefined> {
    const status = yield* this.iterate();
    if (status === 'continue') return undefined;
    return status === 'limit' ? 'functionCalls' : 'converged';
  }

  /** One iteration. At its end the parameters are those of the lowest loss that it met. */
  *iterate(): Sliced<LbfgsStatus> {
    if (this.#iterations === 0 || Number.isNaN(this.loss)) yield* this.#begin();
    if (!Number.isFinite(this.loss)) return 'change';
    const g = this.#gradients;
    const d = this.#direction.address;
    const { toleranceGradient, toleranceChange, maxFunctionCalls } = this.#plan;
    if (this.#largest(g) <= toleranceGradient) return 'gradient';
    if (this.#long) yield;
    this.#iterations++;
    if (this.#iterations === 1) this.#scaled(-1, g, d);
    else yield* this.#turn(g, d);
    if (this.#long) yield;
    this.#copy(g, this.#previous.address);
    const before = this.loss;
    let t = this.rate;
    if (this.#iterations === 1) {
      const values = this.#at(g);
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]);
      t = Math.min(1, 1 / sum) * this.rate;
    }
    if (this.#long) yield;
    const slope = this.#dot(g, d);
    if (!(slope <= -toleranceChange)) return 'change';
    if (this.#long) yield;
    this.#copy(this.#parts.block.address, this.#origin.address);
    const { address } = this.spare[0];
    this.#copy(g, address);
    if (this.#long) yield;
    const found = yield* search(this, t, { t: 0, loss: this.loss, slope, gradients: this.spare[0] }, this.#plan);
    if (this.#long) yield;
    this.#move(found.t);
    if (this.#long) yield;
    this.#copy(found.gradients.address, g);
    if (this.#long) yield;
    this.loss = found.loss;
    this.#step = found.t;
    if (this.#largest(g) <= toleranceGradient) return 'gradient';
    if (this.functionCalls >= maxFunctionCalls) return 'limit';
    const moved = this.#largest(d) * Math.abs(found.t);
    return moved <= toleranceChange || Math.abs(this.loss - before) < toleranceChange ? 'change' : 'continue';
  }

  *#begin(): Sliced<void> {
    this.loss = yield* this.#evaluate();
    this.functionCalls++;
  }

  /** The parameters, t steps from the origin. */
  #move(t: number): void {
    const { address } = this.#parts.block;
    this.#copy(this.#origin.address, address);
    this.#k.axpy(this.#n, t, this.#direction.address, address);
  }

  /** Takes up the last step, and turns the gradient into a direction by the two loops. */
  *#turn(g: number, d: number): Sliced<void> {
    const full = this.#differences.length === this.#plan.memory;
    const y = full ? this.#differences[0] : this.#block();
    const s = full ? this.#steps[0] : this.#block();
    // Into spare blocks first: a full ring gives up its oldest pair only for a useful one.
    const [newY, newS] = [this.spare[0].address, this.spare[1].address];
    this.#copy(g, newY);
    this.#k.axpy(this.#n, -1, this.#previous.address, newY);
    if (this.#long) yield;
    this.#scaled(this.#step, d, newS);
    if (this.#long) yield;
    const ys = this.#dot(newY, newS);
    if (this.#long) yield;
    if (ys > minCurvature(this.#plan)) {
      this.#copy(newY, y.address);
      if (this.#long) yield;
      this.#copy(newS, s.address);
      if (this.#long) yield;
      const drop = full ? 1 : 0;
      this.#differences = [...this.#differences.slice(drop), y];
      this.#steps = [...this.#steps.slice(drop), s];
      this.#rho = [...this.#rho.slice(drop), 1 / ys];
      this.#scale = ys / this.#dot(y.address, y.address);
    } else if (!full) {
      for (const block of [y, s]) {
        block.dispose();
        this.#blocks.splice(this.#blocks.indexOf(block), 1);
      }
    }
    if (this.#long) yield;
    this.#scaled(-1, g, d);
    if (this.#long) yield;
    const count = this.#rho.length;
    for (let i = count - 1; i >= 0; i--) {
      this.#alpha[i] = this.#dot(this.#steps[i].address, d) * this.#rho[i];
      if (this.#long) yield;
      this.#k.axpy(this.#n, -this.#alpha[i], this.#differences[i].address, d);
      yield;
    }
    this.#k.rscl(this.#n, 1 / this.#scale, d, d);
    if (this.#long) yield;
    for (let i = 0; i < count; i++) {
      const beta = this.#dot(this.#differences[i].address, d) * this.#rho[i];
      if (this.#long) yield;
      this.#k.axpy(this.#n, this.#alpha[i] - beta, this.#steps[i].address, d);
      yield;
    }
  }

  *point(t: number, gradients: Block): Sliced<Point> {
    this.#move(t);
    if (this.#long) yield;
    const loss = yield* this.#evaluate();
    this.functionCalls++;
    this.#copy(this.#gradients, gradients.address);
    if (this.#long) yield;
    const slope = this.#dot(gradients.address, this.#direction.address);
    const finite = Number.isFinite(loss) && Number.isFinite(slope);
    return { t, loss: finite ? loss : Infinity, slope: finite ? slope : Infinity, gradients };
  }

  width(): number {
    return this.#largest(this.#direction.address);
  }

  *read(): Sliced<LbfgsState> {
    const vectors: TypedArray[] = [];
    for (const { address } of [this.#direction, this.#previous, ...this.#differences, ...this.#steps]) {
      vectors.push(this.#at(address).slice());
      yield;
    }
    const [direction, previous, ...pairs] = vectors;
    const count = this.#differences.length;
    return {
      iterations: this.#iterations,
      functionCalls: this.functionCalls,
      step: this.#step,
      scale: this.#scale,
      rho: [...this.#rho],
      direction,
      previous,
      differences: pairs.slice(0, count),
      steps: pairs.slice(count),
    };
  }

  /** Goes on from there; loss and gradients are computed anew at the parameters, which gives the same bits. */
  set state(state: LbfgsState) {
    const write = (values: TypedArray): Block => {
      const block = this.#block();
      this.#at(block.address).set(values);
      return block;
    };
    this.#iterations = state.iterations;
    this.functionCalls = state.functionCalls - 1; // which that counts once more
    this.#step = state.step;
    this.#scale = state.scale;
    this.#rho = [...state.rho];
    this.#at(this.#direction.address).set(state.direction);
    this.#at(this.#previous.address).set(state.previous);
    this.#differences = state.differences.map(write);
    this.#steps = state.steps.map(write);
    this.loss = Number.NaN;
  }

  dispose(): void {
    for (const block of this.#blocks) block.dispose();
  }
}
