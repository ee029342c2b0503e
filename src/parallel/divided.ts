// Kernels whose large calls are divided among the threads of a team.

import type { Dtype } from '../kernels/contract.js';
import { parse } from '../kernels/signature.js';
import type { Crew } from './crew.js';
import { type Division, divisionOf, LINES, stepsOf } from './divide.js';
import { type AnyKernel, apply, NUMBERED, numberOf } from './kernels.js';
import { ARGS, CALL, CALLED, HEAD, JOB, MOST_ARGS, STEPS, WORD } from './protocol.js';

/** Multiply-adds, or what takes as long, from which on a call is divided: 5 to 10 us. */
const WORTH = 1 << 17;
/** What an element costs in multiply-adds where it is not a product: of the functions, and of others, whose time is memory's. */
const FUNCTIONS = new Set(['exp', 'sigmoid', 'expm1', 'tanh', 'log', 'log1p', 'normal']);
const FUNCTION = 32;
const OTHER = 3;
/** The fewest rows or columns of a product's part: each packs the whole other matrix. */
const LEAST = 16;
/** From so many multiply-adds on there are several parts for each thread, so that none waits long for another. */
const MANY = 1 << 24;
const PARTS = 4;
/** No part takes longer than some 10 ms, in TypeScript 100: who works says so after each. */
const LARGEST = 1 << 27;
const MOST_PARTS = 900;
/** Parts begin at multiples: of a register tile's rows and columns; of a cache line's elements. */
const ROWS = 8;
const ELEMENTS = 64;

type Kernels = Record<string, AnyKernel>;

export class Divided {
  readonly kernels: object;
  readonly #crew: Crew;
  readonly #bytes: number;
  readonly #dtype: Dtype;
  /** Of the call underway: its arguments, by how much they move, and those of a part. */
  readonly #args = new Float64Array(MOST_ARGS);
  readonly #steps = new Float64Array(MOST_ARGS);
  readonly #own = new Float64Array(MOST_ARGS);
  #kernel!: AnyKernel;
  #count = 0;
  #size = 0;
  #each = 0;
  #total = 0;
  #flag = 1;

  constructor(crew: Crew, kernels: object & { readonly bytes: number }) {
    this.#crew = crew;
    this.#bytes = kernels.bytes;
    this.#dtype = kernels.bytes === 8 ? 'f64' : 'f32';
    const plain = kernels as unknown as Kernels;
    const made: Kernels = { ...plain };
    for (const [name, kernel] of Object.entries(plain)) {
      const division = name in LINES ? divisionOf(LINES[name]) : undefined;
      if (division) made[name] = this.#divide(name, kernel, division);
    }
    for (const name of ['gemm_nn', 'gemm_nt', 'gemm_tn', 'gemm_tt']) {
      const columns = this.#divide(name, plain[name], divisionOf(LINES[name], 'n') as Division);
      const rows = made[name];
      // Each part packs the whole of what is not divided: the smaller one.
      made[name] = (m, n, k, a, lda, b, ldb, c, ldc, work) =>
        (n > m ? columns : rows)(m, n, k, a, lda, b, ldb, c, ldc, work);
    }
    this.kernels = { ...made, ...this.#dense(plain, made) };
  }

  #divide(name: string, kernel: AnyKernel, division: Division): AnyKernel {
    const number = numberOf(name, this.#dtype);
    const { pack } = NUMBERED[number];
    const { size, others, isProduct, moves, returns } = division;
    const weight = isProduct ? 1 : FUNCTIONS.has(name) ? FUNCTION : OTHER;
    const cut = isProduct || others.length > 0 ? ROWS : ELEMENTS;
    const least = isProduct ? LEAST : cut;
    const outputs = parse(LINES[name]).args;
    const args = this.#args;
    const crew = this.#crew;
    /** Whether it can be done once more: its outputs are apart from all that it reads. */
    const again = () =>
      !outputs.some(
        (arg, i) =>
          arg.role === 'output' &&
          (arg.updated || outputs.some((other, j) => other.role === 'input' && args[i] === args[j])),
      );
    return (a, b, c, d, e, f, g, h, i, j, k, l) => {
      args[0] = a;
      args[1] = b;
      args[2] = c;
      args[3] = d;
      args[4] = e;
      args[5] = f;
      args[6] = g;
      args[7] = h;
      args[8] = i;
      args[9] = j;
      args[10] = k;
      args[11] = l;
      const total = args[size];
      let cost = total * weight;
      for (let at = 0; at < others.length; at++) cost *= args[others[at]];
      const threads = cost < WORTH ? 1 : crew.hands;
      const wanted = cost < MANY ? threads : Math.max(threads * PARTS, Math.min(MOST_PARTS, cost / LARGEST));
      const parts = threads < 2 ? 1 : Math.min(wanted, Math.floor(total / least));
      if (parts < 2) return kernel(a, b, c, d, e, f, g, h, i, j, k, l);
      crew.tell(pack);
      this.#kernel = kernel;
      this.#count = moves.length;
      this.#size = size;
      this.#total = total;
      this.#each = Math.ceil(total / parts / cut) * cut;
      this.#flag = 1;
      if (!this.#run(number, division)) {
        if (!again()) throw crew.failure('a thread of the engine has ended within a call');
        return kernel(a, b, c, d, e, f, g, h, i, j, k, l);
      }
      return returns === 'flag' ? this.#flag : undefined;
    };
  }

  readonly #part = (chunk: number) => {
    const own = this.#own;
    const args = this.#args;
    const steps = this.#steps;
    const from = chunk * this.#each;
    for (let i = 0; i < this.#count; i++) own[i] = args[i] + from * steps[i];
    own[this.#size] = Math.min(this.#each, this.#total - from);
    if (apply(this.#kernel, this.#count, own) === 0) this.#flag = 0;
  };

  #run(number: number, division: Division): boolean {
    const { words, numbers } = this.#crew;
    const args = this.#args;
    const steps = this.#steps;
    const flags = division.returns === 'flag';
    stepsOf(division, args, this.#bytes, steps);
    numbers[HEAD.kind] = JOB.call;
    numbers[HEAD.total] = this.#total;
    numbers[HEAD.each] = this.#each;
    numbers[CALL] = number;
    numbers[CALL + CALLED.count] = this.#count;
    numbers[CALL + CALLED.size] = this.#size;
    numbers[CALL + CALLED.work] = division.work;
    numbers[CALL + CALLED.flag] = flags ? 1 : 0;
    for (let i = 0; i < this.#count; i++) {
      numbers[ARGS + i] = args[i];
      numbers[STEPS + i] = steps[i];
    }
    if (flags) Atomics.store(words, WORD.flag, 1);
    const done = this.#crew.run(Math.ceil(this.#total / this.#each), this.#part);
    if (flags && Atomics.load(words, WORD.flag) === 0) this.#flag = 0;
    return done;
  }

  /** A dense layer's products, where their columns are divided, or what is no row of its own. */
  #dense(plain: Kernels, { gemm_nn, gemm_nt, gemm_tn, dense_forward, dense_input }: Kernels): Kernels {
    const bytes = this.#bytes;
    const worth = (cost: number) => cost >= WORTH && this.#crew.hands > 1;
    return {
      dense_forward: (rows, inputs, units, x, w, b, z, work) => {
        if (units <= rows || units < 2 * LEAST || !worth(rows * inputs * units)) {
          return dense_forward(rows, inputs, units, x, w, b, z, work);
        }
        gemm_nn(rows, units, inputs, x, inputs, w, units, z, units, work);
        // z + 1 * b is z + b.
        if (b) for (let i = 0; i < rows; i++) plain.axpy(units, 1, b, z + i * units * bytes);
      },
      dense_input: (rows, inputs, units, d, w, e, work) => {
        if (inputs <= rows || inputs < 2 * LEAST || !worth(rows * inputs * units)) {
          return dense_input(rows, inputs, units, d, w, e, work);
        }
        gemm_nt(rows, inputs, units, d, units, w, units, e, inputs, work);
      },
      // By the inputs: their weights' gradients lie apart, each a sum over the rows.
      dense_backward: (rows, inputs, units, x, d, dw, db, work) => {
        if (inputs < 2 * LEAST || !worth(rows * inputs * units)) {
          return plain.dense_backward(rows, inputs, units, x, d, dw, db, work);
        }
        gemm_tn(inputs, units, rows, x, inputs, d, units, dw, units, work);
        if (db) plain.dense_backward(rows, 0, units, x, d, dw, db, work);
      },
    };
  }
}
