// Kernels whose large calls are divided among the threads of a team.

import type { Dtype } from '../kernels/contract.js';
import { parse } from '../kernels/signature.js';
import type { Crew } from './crew.js';
import { type Division, divisionOf, LINES, stepsOf } from './divide.js';
import { type AnyKernel, apply, NUMBERED, numberOf } from './kernels.js';
import { CALL, HEAD, JOB, MOST_ARGS, WORD } from './protocol.js';

/** Multiply-adds, or what takes as long, from which on a call is divided: 5 to 10 us. */
const WORTH = 1 << 17;
/** What an element costs in multiply-adds where it is not a product: of the functions, and of others, whose time is memory's. */
const FUNCTIONS = new Set(['exp', 'sigmoid', 'expm1', 'tanh', 'log', 'log1p', 'erfc', 'normal']);
const FUNCTION = 32;
const OTHER = 3;
/** The fewest rows of a product's part: each part packs the other matrix anew. */
const LEAST_ROWS = 16;
/** From so many multiply-adds on there are several parts for each thread, so that none waits long for another. */
const MANY = 1 << 24;
const PARTS = 4;
/** Parts begin at multiples: of a register tile's rows; of a cache line's elements. */
const ROWS = 4;
const ELEMENTS = 64;

type Kernels = Record<string, AnyKernel>;

export class Divided {
  readonly kernels: object;
  readonly #crew: Crew;
  readonly #bytes: number;
  readonly #dtype: Dtype;
  readonly #args = new Float64Array(MOST_ARGS);
  readonly #own = new Float64Array(MOST_ARGS);
  readonly #steps = new Float64Array(MOST_ARGS);
  /** Of the call underway. */
  #kernel!: AnyKernel;
  #count = 0;
  #each = 0;
  #total = 0;
  #flag = 1;

  constructor(crew: Crew, kernels: object & { readonly bytes: number }) {
    this.#crew = crew;
    this.#bytes = kernels.bytes;
    this.#dtype = kernels.bytes === 8 ? 'f64' : 'f32';
    const made: Record<string, unknown> = { ...kernels };
    for (const [name, kernel] of Object.entries(kernels as unknown as Kernels)) {
      const division = name in LINES ? divisionOf(LINES[name]) : undefined;
      if (division) made[name] = this.#divide(name, kernel, division);
    }
    made.dense_backward = this.#backward(kernels as unknown as Kernels, made.gemm_tn as AnyKernel);
    this.kernels = made;
  }

  #divide(name: string, kernel: AnyKernel, division: Division): AnyKernel {
    const number = numberOf(name, this.#dtype);
    const { pack } = NUMBERED[number];
    const { others, isProduct, work, moves, returns } = division;
    const { args: of } = parse(LINES[name]);
    const n = moves.length;
    const weight = isProduct ? 1 : FUNCTIONS.has(name) ? FUNCTION : OTHER;
    const cut = isProduct || others.length > 0 ? ROWS : ELEMENTS;
    const args = this.#args;
    const crew = this.#crew;
    /** Whether its outputs are apart from all that it reads: then it can be done once more. */
    const again = () => {
      if (of.some((arg) => arg.role === 'output' && arg.updated)) return false;
      return !of.some(
        (arg, i) => arg.role === 'output' && of.some((other, j) => other.role === 'input' && args[i] === args[j]),
      );
    };
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
      let cost = a * weight;
      for (let at = 0; at < others.length; at++) cost *= args[others[at]];
      const size = cost < WORTH ? 1 : crew.size;
      const least = isProduct ? LEAST_ROWS : cut;
      const parts = size < 2 ? 1 : Math.min(cost < MANY ? size : size * PARTS, Math.floor(a / least));
      if (parts < 2) return kernel(a, b, c, d, e, f, g, h, i, j, k, l);
      crew.tell(pack);
      this.#kernel = kernel;
      this.#count = n;
      this.#flag = 1;
      const done = this.#run(number, division, a, Math.ceil(a / parts / cut) * cut, work);
      if (!done) {
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
    own[0] = Math.min(this.#each, this.#total - from);
    if (apply(this.#kernel, this.#count, own) === 0) this.#flag = 0;
  };

  #run(number: number, division: Division, total: number, each: number, work: number): boolean {
    const { words, numbers } = this.#crew;
    const args = this.#args;
    const steps = this.#steps;
    const count = this.#count;
    this.#total = total;
    this.#each = each;
    stepsOf(division, args, this.#bytes, steps);
    numbers[HEAD.kind] = JOB.call;
    numbers[HEAD.total] = total;
    numbers[HEAD.each] = each;
    numbers[CALL] = number;
    numbers[CALL + 1] = count;
    numbers[CALL + 2] = work;
    numbers[CALL + 3] = division.returns === 'flag' ? 1 : 0;
    for (let i = 0; i < count; i++) {
      numbers[CALL + 4 + i] = args[i];
      numbers[CALL + 4 + MOST_ARGS + i] = steps[i];
    }
    if (division.returns) Atomics.store(words, WORD.flag, 1);
    const done = this.#crew.run(Math.ceil(total / each), this.#part);
    if (division.returns && Atomics.load(words, WORD.flag) === 0) this.#flag = 0;
    return done;
  }

  /** By the inputs: their weights' gradients lie apart, each a sum over the rows. */
  #backward({ dense_backward }: Kernels, gemm_tn: AnyKernel): AnyKernel {
    return (rows, inputs, units, x, d, dw, db, work) => {
      if (rows * inputs * units < WORTH || this.#crew.size < 2 || inputs < 2 * LEAST_ROWS) {
        return dense_backward(rows, inputs, units, x, d, dw, db, work);
      }
      gemm_tn(inputs, units, rows, x, inputs, d, units, dw, units, work);
      if (db) dense_backward(rows, 0, units, x, d, dw, db, work);
    };
  }
}
