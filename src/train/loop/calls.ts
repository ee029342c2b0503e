// Kernels whose calls wait, to be made in parts: a tile of 256 rows through a large network, or a step over its parameters, takes
// longer than others should wait for their turn. The bits stay: each element is what it would be (contract rules 2 and 3).

import { training } from '../../backend/training.js';
import { type Dtype, TILE } from '../../kernels/contract.js';
import { parse } from '../../kernels/signature.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { LayerKernels } from '../../layers/activation.js';
import type { Session } from '../../matrix/marshal.js';
import { kernelsFor } from '../../network/passes.js';
import type { Plan } from '../../network/plan.js';
import type { Sliced } from '../../numbers/sliced.js';
import { divisionOf, LINES, stepsOf } from '../../parallel/divide.js';

type Kernel = (...args: number[]) => unknown;
type Kernels = LayerKernels & TrainingKernels;

/** How large the parts of a product are. */
interface Grain {
  /** Multiply-adds: 4 to 8 ms. */
  readonly products: number;
  /** The fewest rows: WebAssembly packs the weights anew for each part, which makes 64 rows a tenth slower, 16 by half (measured). */
  readonly rows: number;
}

const grainOf = ({ backend }: Session, dtype: Dtype): Grain =>
  backend.name === 'ts' ? { products: 1 << 22, rows: 4 } : { products: dtype === 'f64' ? 3 << 24 : 3 << 25, rows: 64 };

/** Of what is computed element by element: adam's step over so many takes 1 to 3 ms. */
const ELEMENTS = 1 << 18;

/** What takes a millisecond later takes 30 before JavaScript's engine has compiled it (measured): the first part is so much of one. */
const FIRST = 1 / 32;

/** Rows of both backends' register tiles, or a multiple: parts are cut there. */
const CUT = 4;

/** A call that waits: it is made for `count` of its rows, or elements, from `from` on. */
interface Call {
  readonly part: (from: number, count: number) => unknown;
  /** Rows, or elements. */
  readonly size: number;
  /** Of them, how many were done. */
  done: number;
  /** What one of them costs, in parts. */
  readonly cost: number;
  /** The fewest of them in a part. */
  readonly least: number;
}

export class Calls {
  /** Kernels that may wait, and then return nothing; those that only return a number are as they were. */
  readonly kernels: Kernels;
  readonly #session: Session;
  readonly #alone: Kernels;
  /** Those that are called, by themselves or divided among threads. */
  #now: Record<string, Kernel>;
  readonly #bytes: number;
  readonly #grain: Grain;
  #waiting: Call[] = [];
  #next = 0;
  /** What the calls since that was set returned, if they return a flag: 1 if all of them were; undefined if none did. */
  flag: number | undefined;
  /** How much may be done before others may have their turn, in parts: less at first, while the engine compiles; and what is left. */
  #limit = FIRST;
  #room = FIRST;

  /** Use callsOf. */
  constructor(session: Session, plan: Plan) {
    const kernels: Kernels = { ...kernelsFor(session, plan), ...session.backend.put(training)[plan.dtype] };
    this.#session = session;
    this.#alone = kernels;
    this.#now = kernels as never;
    this.#bytes = kernels.bytes;
    this.#grain = grainOf(session, plan.dtype);
    const waiting: Record<string, Kernel> = {};
    for (const [name, line] of Object.entries(LINES)) {
      if (parse(line).outputs.length > 0) waiting[name] = this.#waits(name, line);
    }
    this.kernels = { ...kernels, ...waiting, dense_backward: this.#backward() };
  }

  #waits(name: string, line: string): Kernel {
    const { args: of } = parse(line);
    const division = divisionOf(line);
    const { products, rows } = this.#grain;
    const steps = new Float64Array(of.length);
    return (...args) => {
      const cost = division
        ? division.others.reduce((all, place) => all * args[place], 1) / (division.isProduct ? products : ELEMENTS)
        : 0;
      if (this.#fits(args[0] * cost)) {
        const returned = this.#now[name](...args);
        this.#note(returned);
        return returned;
      }
      if (!division) {
        this.#add(() => this.#now[name](...args));
        return;
      }
      stepsOf(division, args, this.#bytes, steps);
      // Integers stay what V8 calls small: as they come out of an array of numbers products in TypeScript took twice as long.
      const moves = Array.from(steps, (step) => step | 0);
      const part = (from: number, count: number) => {
        const moved = args.slice();
        moved[0] = count;
        for (let i = 1; i < moved.length; i++) if (moves[i] > 0) moved[i] += from * moves[i];
        return this.#now[name](...moved);
      };
      this.#add(part, args[0], cost, division.isProduct ? rows : 1);
    };
  }

  /** Divided by the inputs: their weights' gradients lie apart, each a sum over the rows. */
  #backward(): Kernels['dense_backward'] {
    const bytes = this.#bytes;
    return (rows, inputs, units, x, d, dw, db, work) => {
      const part = (from: number, count: number) => {
        const to = dw + from * units * bytes;
        this.#now.gemm_tn(count, units, rows, x + from * bytes, inputs, d, units, to, units, work);
      };
      const { products, rows: least } = this.#grain;
      const cost = (rows * units) / products;
      if (this.#fits(inputs * cost)) {
        this.#now.dense_backward(rows, inputs, units, x, d, dw, db, work);
        return;
      }
      this.#add(part, inputs, cost, least);
      if (db) this.#add(() => this.#now.dense_backward(rows, 0, units, x, d, dw, db, work));
    };
  }

  /** Whether a call may be made at once: nothing waits, and there is time left. */
  #fits(cost: number): boolean {
    if (this.#waiting.length > 0 || cost > this.#room) return false;
    this.#room -= cost;
    return true;
  }

  #note(returned: unknown): void {
    if (typeof returned === 'number') this.flag = Math.min(returned, this.flag ?? 1);
  }

  #add(part: Call['part'], size = 1, cost = 0, least = 1): void {
    this.#waiting.push({ part, size, done: 0, cost, least });
  }

  /** Makes as many calls as take a few milliseconds, or a part of one; whether none is left. */
  advance(): boolean {
    this.#now = this.#session.divided(this.#alone, this.#grain.products) as never;
    const limit = this.#limit;
    this.#limit = Math.min(1, 2 * limit);
    this.#room = limit;
    for (; this.#next < this.#waiting.length; this.#next++) {
      const call = this.#waiting[this.#next];
      const { part, size, done, cost, least } = call;
      const left = size - done;
      if (left * cost > this.#room) {
        if (this.#room < limit) return false;
        const even = Math.ceil(left / Math.ceil((left * cost) / limit) / CUT) * CUT;
        const count = Math.min(left, Math.max(even, least)) | 0;
        this.#note(part(done, count));
        call.done += count;
        if (call.done === size) this.#next++;
        return false;
      }
      this.#note(part(done, left));
      this.#room -= left * cost;
    }
    this.#waiting = [];
    this.#next = 0;
    return true;
  }

  /** Makes all of them. */
  *run(): Sliced<void> {
    while (!this.advance()) yield;
  }
}

/**
 * @param rows of a batch
 * @param step multiply-adds of a step of the optimizer
 * @returns undefined for a network of which nothing takes long: its kernels are called as they are
 */
export function callsOf(session: Session, plan: Plan, rows: number, step = 0): Calls | undefined {
  // A function as a loss wants the outputs at once.
  if (plan.loss.on) return undefined;
  const { products } = grainOf(session, plan.dtype);
  // Forward over a tile when it validates, and a step's three products over the rows of a batch.
  const passes = plan.layers.reduce((sum, layer) => sum + layer.products, 0) * Math.max(TILE, 3 * Math.min(TILE, rows));
  return Math.max(passes, step) > products || plan.size > ELEMENTS ? new Calls(session, plan) : undefined;
}
