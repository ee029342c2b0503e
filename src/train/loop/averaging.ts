// Averages of the parameters over the steps of a training, beside the parameters themselves.

import { training } from '../../backend/training.js';
import { readChoice } from '../../checks/read-options.js';
import { atLeastOne, readEach } from '../../checks/readers.js';
import { checkName, checkNumber } from '../../checks/values.js';
import { type Check, integer, record } from '../../files/schema.js';
import type { TrainingKernels } from '../../kernels/training.js';
import type { TypedArray } from '../../matrix/operand.js';
import { Block } from '../../memory/block.js';
import type { Sliced } from '../../numbers/sliced.js';
import { type NetworkSize, vector } from '../optimizers/forms.js';
import type { PlanOf } from '../optimizers/optimizer.js';
import type { Learner } from './learner.js';

interface Common {
  /** The epoch, from 1, whose steps are the first that count; default 1. */
  from?: number;
  /**
   * What the network gets after each epoch and at the end, and what validation, metrics and early stopping are of: the averages
   * (default), or the parameters as the last step left them.
   */
  gives?: 'average' | 'last';
}

/** Which average of the parameters is kept, and what it is for. */
export type AveragingOptions =
  /** e = decay e + (1 - decay) p after each step, where e begins as the first p; decay default 0.999. */
  | ({ name: 'ema'; decay?: number } & Common)
  /** The mean over all steps (Polyak and Juditsky 1992). */
  | ({ name: 'mean' } & Common);

/** Which average: exponential, or over all steps. */
export type AveragingName = AveragingOptions['name'];

export type AveragingPlan = PlanOf<Common> &
  ({ readonly name: 'ema'; readonly decay: number } | { readonly name: 'mean' });

const COMMON = {
  from: atLeastOne(1),
  gives: (value: unknown, name: string) => checkName(value ?? 'average', ['average', 'last'], name),
};

const AVERAGES = {
  ema: { ...COMMON, decay: (value: unknown, name: string) => checkNumber(value ?? 0.999, name, 0, 1, true) },
  mean: COMMON,
};

const OPTIONS = { ema: Object.keys(AVERAGES.ema), mean: Object.keys(AVERAGES.mean) };

/** @throws {ValueError} naming the option */
export function readAveraging(value: unknown): AveragingPlan | undefined {
  if (value === undefined) return undefined;
  const given = readChoice<AveragingOptions>(value, OPTIONS, 'averaging', (names) => `${names}, by name or in options`);
  return { name: given.name, ...readEach<object>(AVERAGES[given.name], given, 'averaging.') } as AveragingPlan;
}

/** What a further step depends on, beside the parameters. */
export interface AverageState {
  /** Steps that count so far. */
  readonly count: number;
  readonly values: TypedArray;
}

export const averageState = (size: NetworkSize): Check<AverageState> =>
  record<AverageState>({ count: integer(0), values: vector(size) });

export class Averages {
  readonly #learner: Learner;
  readonly #plan: AveragingPlan;
  readonly #kernels: TrainingKernels;
  readonly #block: Block;
  /** The parameters, while the averages stand in their place. */
  readonly #kept: Block;
  #count = 0;

  constructor(learner: Learner, plan: AveragingPlan) {
    const { session, plan: network } = learner.parts;
    const bytes = network.size * session[network.dtype].bytes;
    this.#learner = learner;
    this.#plan = plan;
    this.#kernels = learner.calls?.kernels ?? session.backend.put(training)[network.dtype];
    this.#block = new Block(session.heap, bytes);
    this.#kept = new Block(session.heap, plan.gives === 'average' ? bytes : 0);
    this.#values.fill(0);
  }

  get #values(): TypedArray {
    const { session, plan } = this.#learner.parts;
    return session.elementsAt(this.#block.address, plan.dtype, plan.size);
  }

  /** Counts a step that was made. @param epochs that are done */
  add({ epoch: epochs }: { readonly epoch: number }): void {
    const plan = this.#plan;
    if (epochs + 1 < plan.from) return;
    const { block, session, plan: network } = this.#learner.parts;
    const kernels = this.#learner.calls ? this.#kernels : session.divided(this.#kernels, network.size * 4);
    // The first one stands for itself.
    const rate = plan.name === 'mean' || this.#count === 0 ? 1 / (this.#count + 1) : 1 - plan.decay;
    this.#count++;
    kernels.average(network.size, rate, block.address, this.#block.address);
  }

  /** Whether the network is given the averages. */
  get #shows(): boolean {
    return this.#plan.gives === 'average' && this.#count > 0;
  }

  /** Puts what the network is given in the place of the parameters. */
  show(): void {
    if (!this.#shows) return;
    this.#learner.copy(this.#learner.parts.block, this.#kept);
    this.#learner.copy(this.#block, this.#learner.parts.block);
  }

  /** Puts the parameters back. */
  hide(): void {
    if (this.#shows) this.#learner.copy(this.#kept, this.#learner.parts.block);
  }

  *read(): Sliced<AverageState> {
    const values = this.#values.slice();
    yield;
    return { count: this.#count, values };
  }

  set state({ count, values }: AverageState) {
    this.#count = count;
    this.#values.set(values);
  }

  dispose(): void {
    this.#block.dispose();
    this.#kept.dispose();
  }
}
