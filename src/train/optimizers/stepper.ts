// Stepper: takes an optimizer's steps over a network's parameters, and keeps what the next one depends on.

import { training } from '../../backend/training.js';
import { ShapeError } from '../../checks/errors.js';
import type { DtypeKernels } from '../../kernels/core.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { TypedArray } from '../../matrix/operand.js';
import { Block } from '../../memory/block.js';
import type { Parts } from '../../network/calls.js';
import type { Sliced } from '../../numbers/sliced.js';
import { type Decay, stretchesOf } from './decay.js';
import type { StepState } from './forms.js';
import type { PlanOf, Stepping, Steps, Stretch } from './optimizer.js';
import { kindOf, type OptimizerOptions, type OptimizerPlan } from './optimizers.js';

/** What a parameter's step costs in multiply-adds. */
const STEP_WORK = 8;

export class Stepper implements Steps {
  core: DtypeKernels;
  kernels: TrainingKernels;
  readonly size: number;
  readonly parameters: number;
  readonly slots: readonly number[];
  readonly scratch: number;
  readonly work: number;
  /** Of the step underway. */
  stretches: readonly Stretch[];
  readonly #all: readonly Stretch[];
  /** Of the step underway. */
  gradients = 0;
  /** The learning rate of the next step: a field, because V8 allocates for a number that it hands to a function. */
  rate: number;
  steps = 0;
  readonly powers: Float64Array = new Float64Array(2).fill(1);
  readonly #parts: Parts;
  readonly #kind: Stepping<OptimizerOptions>;
  readonly #plan: OptimizerPlan;
  readonly #blocks: readonly Block[];
  /** Those of a step by itself; undefined if it was given other ones. */
  readonly #alone: { core: DtypeKernels; kernels: TrainingKernels } | undefined;

  /**
   * @param plan of an optimizer that takes a step after each batch
   * @param kernels other ones than those of the session
   */
  constructor(parts: Parts, plan: OptimizerPlan, kernels?: DtypeKernels & TrainingKernels) {
    const { session, plan: network, block } = parts;
    const kind = kindOf(plan) as Stepping<OptimizerOptions>;
    this.#parts = parts;
    this.#kind = kind;
    this.#plan = plan;
    this.core = kernels ?? session[network.dtype];
    this.kernels = kernels ?? session.backend.put(training)[network.dtype];
    this.#alone = kernels ? undefined : { core: this.core, kernels: this.kernels };
    this.size = network.size;
    this.parameters = block.address;
    this.#all = stretchesOf(network, this.core.bytes, plan as PlanOf<Decay>, kind.matrices);
    this.stretches = this.#all;
    this.rate = plan.learningRate;
    const take = (n: number) => new Block(session.heap, n * this.core.bytes);
    const slots = Array.from({ length: kind.slots(plan) }, () => take(network.size));
    const scratch = take(kind.room?.(this.stretches) ?? 0);
    this.#blocks = [...slots, scratch];
    this.slots = slots.map(({ address }) => address);
    this.scratch = scratch.address;
    this.work = session.work;
    const initial = kind.initial?.(plan) ?? 0;
    for (const address of this.slots) session.elementsAt(address, network.dtype, network.size).fill(initial);
  }

  /**
   * Updates the parameters. It allocates nothing.
   *
   * @param gradients their address, in the order of the parameters
   * @param stretches those of an optimizer that leaves the others as they are, whose gradients are 0
   */
  step(gradients: number, stretches: readonly Stretch[] = this.#all): void {
    this.gradients = gradients;
    this.stretches = stretches;
    this.steps++;
    const alone = this.#alone;
    if (alone) {
      this.core = this.#parts.session.divided(alone.core, this.size * STEP_WORK);
      this.kernels = this.#parts.session.divided(alone.kernels, this.size * STEP_WORK);
    }
    this.#kind.step(this, this.#plan);
  }

  /** What the next step depends on: copies. */
  *read(): Sliced<StepState> {
    const { session, plan } = this.#parts;
    const [a, b] = this.powers;
    const slots: TypedArray[] = [];
    for (const address of this.slots) {
      slots.push(session.elementsAt(address, plan.dtype, plan.size).slice());
      yield;
    }
    return { steps: this.steps, powers: [a, b], slots };
  }

  /** @throws {ShapeError} if it is of another optimizer or network */
  set state({ steps, powers, slots }: StepState) {
    const { session, plan } = this.#parts;
    const fits = slots.length === this.slots.length && slots.every((slot) => slot.length === plan.size);
    if (!fits)
      throw new ShapeError(`this optimizer keeps ${this.slots.length} vectors of ${plan.size}, not those given`);
    this.steps = steps;
    this.powers.set(powers);
    for (const [i, address] of this.slots.entries()) session.elementsAt(address, plan.dtype, plan.size).set(slots[i]);
  }

  dispose(): void {
    for (const block of this.#blocks) block.dispose();
  }
}
