// An optimizer for loops of one's own.

import { training } from '../backend/training.js';
import { describe } from '../checks/describe.js';
import { DisposedError, ShapeError, ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { checkNumber } from '../checks/values.js';
import { checkForm } from '../files/schema.js';
import type { DtypeKernels } from '../kernels/core.js';
import type { TrainingKernels } from '../kernels/training.js';
import { isVector, readOperand, shapeText } from '../matrix/operand.js';
import { DISPOSE, RESIDENT_ADVICE } from '../matrix/resident.js';
import { Block } from '../memory/block.js';
import { checkAlive, checkIdle, type GradientResult, PARTS, type Parts } from '../network/calls.js';
import { NetworkGradients } from '../network/gradients.js';
import { checkNetwork, type Network } from '../network/network.js';
import { whole } from '../numbers/sliced.js';
import { type Statistics, statisticsIn } from './loop/statistics.js';
import { type StepState, stepState } from './optimizers/forms.js';
import type { Stepping, Steps } from './optimizers/optimizer.js';
import {
  kindOf,
  type OptimizerName,
  type OptimizerOptions,
  type OptimizerPlan,
  readOptimizer,
} from './optimizers/optimizers.js';
import { Stepper } from './optimizers/stepper.js';
import { type ParameterGroup, type Run, readRuns } from './parameter-groups.js';

/** Gradients of all parameters: as the network returns them, or as one vector in the order of its `parameters`. */
export type StepGradients = NetworkGradients | Pick<GradientResult, 'weights' | 'biases'> | ArrayLike<number>;

/** What a further step depends on, beside the parameters: plain data, with a typed array for each vector that it keeps. */
export interface OptimizerState extends StepState {
  /** Whose state it is. */
  readonly name: OptimizerName;
}

/** A part of the parameters as an optimizer's file takes it. Its rate is a field, as Stepper says of its own. */
class Part implements Steps {
  readonly core: DtypeKernels;
  readonly kernels: TrainingKernels;
  readonly size: number;
  readonly parameters: number;
  readonly slots: readonly number[];
  readonly scratch: number;
  readonly work: number;
  readonly stretches: Run['stretches'];
  readonly powers = new Float64Array(2);
  readonly plan: OptimizerPlan;
  readonly at: number;
  gradients = 0;
  rate = 0;
  steps = 0;

  constructor(whole: Stepper, { size, at, stretches, plan }: Run, scratch: number) {
    this.core = whole.core;
    this.kernels = whole.kernels;
    this.size = size;
    this.at = at;
    this.parameters = whole.parameters + at;
    this.slots = whole.slots.map((slot) => slot + at);
    this.scratch = scratch;
    this.work = whole.work;
    this.stretches = stretches;
    this.plan = plan;
  }
}

/** Use `optimizer`. */
export class Optimizer {
  readonly #parts: Parts;
  readonly #kind: Stepping<OptimizerOptions>;
  readonly #plan: OptimizerPlan;
  readonly #stepper: Stepper;
  /** undefined: all parameters are stepped alike. */
  readonly #runs: readonly Part[] | undefined;
  readonly #statistics: Statistics | undefined;
  /** During a step of one of them. */
  readonly #scratch: Block | undefined;
  #disposed = false;
  /** What gradients are copied to that do not lie in linear memory. */
  #room: NetworkGradients | undefined;

  /** @internal */
  constructor(parts: Parts, plan: OptimizerPlan, groups: unknown) {
    const { session, plan: network } = parts;
    this.#parts = parts;
    this.#plan = plan;
    this.#kind = kindOf(plan) as Stepping<OptimizerOptions>;
    const grouped = groups === undefined ? undefined : readRuns(groups, network, plan, session[network.dtype].bytes);
    session.backend.put(training);
    refuseCloning(this, `${RESIDENT_ADVICE}; of an optimizer, its state`);
    this.#stepper = new Stepper(parts, plan);
    this.#statistics = statisticsIn(parts, grouped?.moves);
    if (!grouped) return;
    const { runs } = grouped;
    const room = this.#kind.room?.(runs.flatMap(({ stretches }) => stretches)) ?? 0;
    const scratch = new Block(session.heap, room * session[network.dtype].bytes);
    this.#scratch = scratch;
    this.#runs = runs.map((run) => new Part(this.#stepper, run, scratch.address));
  }

  /** Of the next step, for schedules; the rates of groups change in the same proportion. */
  get learningRate(): number {
    return this.#stepper.rate;
  }

  set learningRate(rate: number) {
    this.#stepper.rate = checkNumber(rate, 'learningRate', 0);
  }

  /** Steps that were taken. */
  get steps(): number {
    return this.#stepper.steps;
  }

  #check(): void {
    if (this.#disposed) throw new DisposedError('this optimizer was disposed');
    checkAlive(this.#parts.block);
  }

  /**
   * Updates the network's parameters. Of gradients that lie in linear memory it copies and allocates nothing.
   *
   * @param gradients what the network's zeroGradients(), gradients() or backward() returned, or one number for each parameter
   * @throws {ShapeError|ValueError|DtypeError} if they are of another network; {ValueError} while it is being trained
   */
  step(gradients: StepGradients): this {
    this.#check();
    const { block, state } = gradients instanceof NetworkGradients ? this.#own(gradients) : this.#copied(gradients);
    checkIdle(this.#parts);
    const statistics = this.#statistics;
    if (statistics) {
      statistics.share = state.share ?? 0;
      statistics.take(block.address);
    }
    if (this.#runs) this.#stepRuns(this.#runs, block.address);
    else this.#stepper.step(block.address);
    if (statistics) {
      statistics.put();
      statistics.giveBack(block.address);
    }
    return this;
  }

  #stepRuns(runs: readonly Part[], gradients: number): void {
    const stepper = this.#stepper;
    const { powers } = stepper;
    const [a, b] = powers;
    stepper.steps++;
    for (let i = 0; i < runs.length; i++) {
      const part = runs[i];
      // Each part begins with the powers of the step before, and multiplies the same onto them.
      part.powers[0] = a;
      part.powers[1] = b;
      part.gradients = gradients + part.at;
      part.rate = part.plan.learningRate * (stepper.rate / this.#plan.learningRate);
      part.steps = stepper.steps;
      this.#kind.step(part, part.plan);
      powers[0] = part.powers[0];
      powers[1] = part.powers[1];
    }
  }

  #own(gradients: NetworkGradients): NetworkGradients {
    if (gradients.plan.layers !== this.#parts.plan.layers) {
      throw new ValueError(`"gradients" must be of this optimizer's network, got ${describe(gradients)} of another`);
    }
    if (gradients.block.disposed) throw new DisposedError('"gradients" were disposed');
    return gradients;
  }

  /** In linear memory. */
  #copied(gradients: unknown): NetworkGradients {
    const { session, plan } = this.#parts;
    if (this.#statistics) {
      throw new ValueError(
        '"gradients" of a network with batchNorm must be what its zeroGradients() returned: others do not say how its running ' +
          `moments move, got ${describe(gradients)}`,
      );
    }
    const numbers = new Float64Array(plan.size);
    const put = (value: unknown, name: string, rows: number, cols: number, offset: number) => {
      const operand = readOperand(value, name);
      // A vector stands for one row or column.
      const fits = operand.vector ? operand.rows === rows * cols : operand.rows === rows && operand.cols === cols;
      if (!fits || (operand.vector && rows > 1 && cols > 1)) {
        throw new ShapeError(`"${name}" is ${shapeText(operand)}, but the parameters are ${rows}x${cols}`);
      }
      numbers.set(operand.flat, offset);
    };
    if (isVector(gradients)) put(gradients, 'gradients', plan.size, 1, 0);
    else {
      const given = Object(gradients) as Record<string, ArrayLike<unknown> | undefined>;
      for (const [i, { parameters }] of plan.layers.entries()) {
        for (const { name, rows, cols, offset } of parameters) {
          const matrix = given[name]?.[i];
          if (matrix === undefined) {
            throw new ValueError(
              '"gradients" must be what gradients(), backward() or zeroGradients() of the network returned, or a vector ' +
                `of ${plan.size} numbers: it has no ${name}[${i}], got ${describe(gradients)}`,
            );
          }
          put(matrix, `gradients.${name}[${i}]`, rows, cols, offset);
        }
      }
    }
    this.#check();
    this.#room ??= new NetworkGradients(session, plan, undefined);
    session.elementsAt(this.#room.block.address, plan.dtype, plan.size).set(numbers);
    return this.#room;
  }

  /** Copies of what a further step depends on, to be kept, and set again: the steps then have the same bits. */
  get state(): OptimizerState {
    this.#check();
    return { name: this.#plan.name, ...whole(this.#stepper.read()) };
  }

  /** @throws {ValueError} naming what of it is not of such an optimizer of such a network */
  set state(state: OptimizerState) {
    this.#check();
    const { plan } = this.#parts;
    const { name, ...rest } = Object(state) as OptimizerState;
    if (name !== this.#plan.name) {
      throw new ValueError(`"state" is of optimizer ${describe(name)}, this is ${this.#plan.name}`);
    }
    const form = stepState({ parameters: plan.size, dtype: plan.dtype }, this.#stepper.slots.length);
    this.#stepper.state = checkForm(form, rest, 'state', ValueError);
  }

  /** Gives its memory back; harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#stepper.dispose();
    this.#scratch?.dispose();
    this.#room?.dispose();
  }

  /** `dispose()`, at the end of a block with `using`. */
  [DISPOSE](): void {
    this.dispose();
  }
}

type OptionsOf<Name extends OptimizerName> = Omit<Extract<OptimizerOptions, { name: Name }>, 'name'>;

/**
 * An optimizer over a network's parameters, for loops of one's own: the steps of `fit`, bit for bit.
 *
 * @param name any of `optimizers` but lbfgs, which takes all rows at once
 * @param options as `fit` takes them, and `groups` of parameters with a rate and a decay of their own, or frozen
 * @throws {ValueError} naming the option
 * @example
 * const net = network({ inputs: 1, layers: [1], seed: 1 });
 * const adam = optimizer('adam', net, { learningRate: 0.1 });
 * for (let i = 0; i < 300; i++) adam.step(net.gradients([[0], [1]], [1, 3]));
 * Math.round(net.forward([[2]]).get(0, 0)); // 5
 */
export function optimizer<Name extends OptimizerName>(
  name: Name,
  net: Network,
  options: OptionsOf<Name> & { groups?: readonly ParameterGroup[] } = {} as never,
): Optimizer {
  checkNetwork(net);
  const kind = kindOf(readOptimizer(name));
  const known = ['groups', ...Object.keys(kind.options)];
  const { groups, ...rest } = readOptions(options as { groups?: unknown }, known, `optimizer ${name}`);
  const plan = readOptimizer({ ...rest, name });
  if (kind.whole) {
    throw new ValueError(
      `"name" ${plan.name} takes all rows at once, in a search of its own: it has no step(); use fit`,
    );
  }
  checkAlive(net[PARTS].block);
  return new Optimizer(net[PARTS], plan, groups);
}
