// Optimizers: options, and steps over the flat parameter vector.

import { describe } from '../../checks/describe.js';
import { ShapeError, ValueError } from '../../checks/errors.js';
import { checkOptions } from '../../checks/options.js';
import { checkFlag, checkInteger, checkNumber } from '../../checks/values.js';
import { BLOCK, type Dtype } from '../../kernels/kernels.js';
import type { Session } from '../../matrix/marshal.js';
import type { TypedArray } from '../../matrix/operand.js';
import { Block } from '../../memory/block.js';
import type { Parts } from '../../network/calls.js';
import { SumTree } from '../../numbers/tree.js';
import { type TrainingKernelSet, trainingKernelsOf } from '../kernels.js';

interface Rate {
  /** What the schedule begins with. */
  learningRate?: number;
}

export interface SgdOptions extends Rate {
  /** learningRate default 0.01. */
  name: 'sgd';
  /** From 0 (default) to below 1. */
  momentum?: number;
  /** Nesterov's momentum; default false. */
  nesterov?: boolean;
}

export interface AdagradOptions extends Rate {
  /** learningRate default 0.01. */
  name: 'adagrad';
  /** Default 1e-10. */
  epsilon?: number;
}

export interface RmspropOptions extends Rate {
  /** learningRate default 0.001. */
  name: 'rmsprop';
  /** Of the running mean of squares; default 0.9. */
  rho?: number;
  /** Default 0. */
  momentum?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export interface AdamOptions extends Rate {
  /** learningRate default 0.001. */
  name: 'adam';
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export interface AdamwOptions extends Omit<AdamOptions, 'name'> {
  name: 'adamw';
  /** Of weights, not of biases; default 0.01. */
  weightDecay?: number;
}

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

export type OptimizerOptions = SgdOptions | AdagradOptions | RmspropOptions | AdamOptions | AdamwOptions | LbfgsOptions;

export type OptimizerName = OptimizerOptions['name'];

/** Checked, every default filled in; 0 or false where it does not apply. */
export interface OptimizerPlan {
  readonly name: OptimizerName;
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly rho: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly memory: number;
  readonly maxLineSearch: number;
  readonly maxFunctionCalls: number;
  readonly toleranceGradient: number;
  readonly toleranceChange: number;
}

const ADAM = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

const DEFAULTS: Record<OptimizerName, Partial<OptimizerPlan>> = {
  sgd: { learningRate: 0.01, momentum: 0, nesterov: false },
  adagrad: { learningRate: 0.01, epsilon: 1e-10 },
  rmsprop: { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-8 },
  adam: ADAM,
  adamw: { ...ADAM, weightDecay: 0.01 },
  lbfgs: {
    learningRate: 1,
    memory: 10,
    maxLineSearch: 25,
    maxFunctionCalls: 15000,
    toleranceGradient: 1e-5,
    toleranceChange: 1e-9,
  },
};

const BELOW_ONE = ['momentum', 'rho', 'beta1', 'beta2'];
const COUNTS = ['memory', 'maxLineSearch', 'maxFunctionCalls'];

function check(value: unknown, key: string): void {
  const name = `optimizer.${key}`;
  if (key === 'nesterov') checkFlag(value, name);
  else if (COUNTS.includes(key)) checkInteger(value, name, 1);
  else checkNumber(value, name, 0, BELOW_ONE.includes(key) ? 1 : Infinity, key === 'learningRate');
}

/** @param value a name or options @throws {ValueError} naming the option */
export function readOptimizer(value: unknown): OptimizerPlan {
  const names = Object.keys(DEFAULTS);
  const isName = typeof value === 'string';
  // A copy: every option is read once.
  const given: OptimizerOptions = Object.assign(Object.create(null), isName ? { name: value } : value);
  if (!names.includes(given.name)) {
    const got = describe(typeof value === 'object' && value !== null ? given.name : value);
    throw new ValueError(`"optimizer" must be one of ${names.join(', ')}, by name or in options, got ${got}`);
  }
  const defaults = DEFAULTS[given.name];
  checkOptions(given, ['name', ...Object.keys(defaults)], `optimizer ${given.name}`);
  const known = Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined));
  for (const [key, each] of Object.entries(known)) if (key !== 'name') check(each, key);
  const plan: OptimizerPlan = {
    name: given.name,
    learningRate: 0,
    momentum: 0,
    nesterov: false,
    rho: 0,
    beta1: 0,
    beta2: 0,
    epsilon: 0,
    weightDecay: 0,
    memory: 0,
    maxLineSearch: 0,
    maxFunctionCalls: 0,
    toleranceGradient: 0,
    toleranceChange: 0,
    ...defaults,
    ...known,
  };
  if (plan.nesterov && plan.momentum === 0) {
    throw new ValueError('"optimizer.nesterov" needs a momentum above 0');
  }
  return plan;
}

/** What a further step depends on: plain data. */
export interface OptimizerState {
  readonly steps: number;
  /** beta1 and beta2 to the power of steps: products, because Math.pow differs between engines. */
  readonly powers: readonly [number, number];
  readonly slots: readonly TypedArray[];
}

/** Vectors that it keeps. */
export function slotsOf({ name, momentum }: OptimizerPlan): number {
  if (name === 'sgd') return momentum > 0 ? 1 : 0;
  if (name === 'rmsprop') return momentum > 0 ? 2 : 1;
  return name === 'adagrad' ? 1 : 2;
}

/** Updates a network's parameters from gradients. A step allocates nothing. */
export class Optimizer {
  readonly #parts: Parts;
  readonly #plan: OptimizerPlan;
  readonly #k: TrainingKernelSet;
  readonly #slots: readonly Block[];
  #beta1 = 1;
  #beta2 = 1;
  #adamRate = 0;
  #root = 0;
  /** The learning rate of the next step: a field, because V8 allocates for a number that it hands to a function. */
  rate: number;
  steps = 0;

  constructor(parts: Parts, plan: OptimizerPlan) {
    const { session, plan: network } = parts;
    this.#parts = parts;
    this.#plan = plan;
    this.#k = trainingKernelsOf(session, network.dtype);
    this.rate = plan.learningRate;
    const bytes = network.size * session[network.dtype].bytes;
    this.#slots = Array.from({ length: slotsOf(plan) }, () => new Block(session.heap, bytes));
    for (const slot of this.#slots) session.elementsAt(slot.address, network.dtype, network.size).fill(0);
  }

  /** @param gradients their address, in the order of the parameters */
  step(gradients: number): void {
    const { session, plan: network, block } = this.#parts;
    const { name, momentum, nesterov, rho, beta1, beta2, epsilon } = this.#plan;
    const { size } = network;
    const p = block.address;
    const s = this.#slots.length > 0 ? this.#slots[0].address : 0;
    const t = this.#slots.length > 1 ? this.#slots[1].address : 0;
    this.steps++;
    if (name === 'sgd') {
      if (momentum === 0) session[network.dtype].axpy(size, -this.rate, gradients, p);
      else if (nesterov) this.#k.nesterov(size, this.rate, momentum, gradients, s, p);
      else this.#k.momentum(size, this.rate, momentum, gradients, s, p);
    } else if (name === 'adagrad') {
      this.#k.adagrad(size, this.rate, epsilon, gradients, s, p);
    } else if (name === 'rmsprop') {
      if (momentum === 0) this.#k.rmsprop(size, this.rate, rho, epsilon, gradients, s, p);
      else this.#k.rmsprop_momentum(size, this.rate, rho, momentum, epsilon, gradients, s, t, p);
    } else {
      this.#beta1 *= beta1;
      this.#beta2 *= beta2;
      if (name === 'adam') {
        const rate = (this.rate * Math.sqrt(1 - this.#beta2)) / (1 - this.#beta1);
        this.#k.adam(size, rate, beta1, beta2, epsilon, gradients, s, t, p);
      } else this.#decay(gradients, s, t, p);
    }
  }

  /** adamw: weights decay, biases do not. */
  #decay(gradients: number, s: number, t: number, p: number): void {
    const { session, plan: network } = this.#parts;
    this.#adamRate = this.rate / (1 - this.#beta1);
    this.#root = Math.sqrt(1 - this.#beta2);
    const { bytes } = session[network.dtype];
    const keep = 1 - this.rate * this.#plan.weightDecay;
    for (let i = 0; i < network.layers.length; i++) {
      const { parameters } = network.layers[i];
      for (let j = 0; j < parameters.length; j++) {
        const { size, offset, decays } = parameters[j];
        this.#adamw(size, decays ? keep : 1, offset * bytes, gradients, s, t, p);
      }
    }
  }

  #adamw(n: number, keep: number, at: number, g: number, s: number, t: number, p: number): void {
    const { beta1, beta2, epsilon } = this.#plan;
    this.#k.adamw(n, this.#adamRate, beta1, beta2, epsilon, this.#root, keep, g + at, s + at, t + at, p + at);
  }

  get state(): OptimizerState {
    const { session, plan } = this.#parts;
    const slots = this.#slots.map(({ address }) => session.elementsAt(address, plan.dtype, plan.size).slice());
    return { steps: this.steps, powers: [this.#beta1, this.#beta2], slots };
  }

  /** @throws {ShapeError} if it is of another optimizer or network */
  set state({ steps, powers, slots }: OptimizerState) {
    const { session, plan } = this.#parts;
    const fits = slots.length === this.#slots.length && slots.every((slot) => slot.length === plan.size);
    if (!fits)
      throw new ShapeError(`this optimizer keeps ${this.#slots.length} vectors of ${plan.size}, not those given`);
    this.steps = steps;
    [this.#beta1, this.#beta2] = powers;
    for (const [i, { address }] of this.#slots.entries()) {
      session.elementsAt(address, plan.dtype, plan.size).set(slots[i]);
    }
  }

  dispose(): void {
    for (const slot of this.#slots) slot.dispose();
  }
}

/** The Euclidean norm of n numbers (contract rule 4). */
function norm(session: Session, dtype: Dtype, n: number, address: number, tree: SumTree): number {
  const k = session[dtype];
  tree.reset();
  for (let i = 0; i < n; i += BLOCK) {
    const at = address + i * k.bytes;
    tree.leaf = k.dot(Math.min(BLOCK, n - i), at, at);
    tree.add();
  }
  tree.finish();
  return Math.sqrt(tree.sum);
}

/** Keeps gradients from growing: each by itself within +-value, then all together to a norm of at most `norm`; 0: without. */
export class Clipping {
  readonly #session: Session;
  readonly #dtype: Dtype;
  readonly #k: TrainingKernelSet;
  readonly #tree: SumTree;
  readonly #value: number;
  readonly #norm: number;

  constructor({ session, plan }: Parts, value: number, norm: number) {
    this.#session = session;
    this.#dtype = plan.dtype;
    this.#k = trainingKernelsOf(session, plan.dtype);
    this.#tree = new SumTree(plan.dtype);
    this.#value = value;
    this.#norm = norm;
  }

  /** Clips n gradients in place. */
  clip(n: number, address: number): void {
    if (this.#value > 0) this.#k.clip(n, this.#value, address);
    if (this.#norm === 0) return;
    const size = norm(this.#session, this.#dtype, n, address, this.#tree);
    if (size > this.#norm) this.#session[this.#dtype].average(n, size / this.#norm, address, address);
  }
}
