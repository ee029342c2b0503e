// How a training gets on: its curves, its best epoch, and whether it is over.

import { copyPlain } from '../../checks/copy-plain.js';
import type { TypedArray } from '../../matrix/operand.js';
import { Block } from '../../memory/block.js';
import type { Sliced } from '../../numbers/sliced.js';
import type { FitPlan, Watch } from '../options.js';
import { type Curves, type EpochReport, newCurves, recordEpoch, type StopReason } from './history.js';
import type { Learner } from './learner.js';
import type { LearningRate } from './learning-rate.js';
import { Plateau, type PlateauState } from './plateau.js';

export interface ProgressState {
  readonly plateau: PlateauState | undefined;
  /** Of the curve that the schedule watches, if it has one of its own. */
  readonly cutting: PlateauState | undefined;
  /** The best epoch's parameters. */
  readonly best: TypedArray | undefined;
  readonly history: Curves;
}

/** The value of the curve that is watched. */
const watched = ({ loss, validationLoss, metrics }: EpochReport, watch: Watch | undefined): number =>
  ({ loss, validationLoss, ...metrics })[(watch as Watch).monitor] as number;

export class Progress {
  readonly #plan: FitPlan;
  readonly #learner: Learner;
  readonly #rate: LearningRate;
  readonly #plateau: Plateau | undefined;
  readonly #cutting: Plateau | undefined;
  readonly #best: Block | undefined;
  #hasBest = false;
  history: Curves = newCurves();
  /** Whether training is over. */
  done = false;

  constructor(learner: Learner, plan: FitPlan, rate: LearningRate) {
    const { session, plan: network } = learner.parts;
    this.#plan = plan;
    this.#learner = learner;
    this.#rate = rate;
    if (plan.plateau) this.#plateau = new Plateau(plan.plateau);
    if (plan.cutting) this.#cutting = new Plateau(plan.cutting);
    if (plan.plateau?.restoreBest) this.#best = new Block(session.heap, network.size * session[network.dtype].bytes);
  }

  /** Takes up an epoch, and decides whether to go on. */
  add(report: EpochReport): void {
    recordEpoch(this.history, report);
    if (this.#plateau) this.#watch(this.#plateau, report);
    if (this.#cutting) this.#cut(this.#cutting, report);
    if (report.epoch >= this.#plan.epochs) this.done = true;
  }

  #cut(cutting: Plateau, report: EpochReport): void {
    cutting.add(watched(report, this.#plan.cutting), report.epoch);
    if (!cutting.reached) return;
    cutting.state.waited = 0;
    this.#rate.at.cuts++;
  }

  #watch(plateau: Plateau, report: EpochReport): void {
    const { history } = this;
    const { schedule, plateau: plan } = this.#plan;
    if (plateau.add(watched(report, plan), report.epoch) && this.#best) {
      this.#learner.copy(this.#learner.parts.block, this.#best);
      this.#hasBest = true;
    }
    history.best = plateau.state.best;
    history.bestEpoch = plateau.state.bestEpoch;
    if (!plateau.reached) return;
    if (schedule.name === 'adaptive') {
      plateau.state.waited = 0;
      if (this.#rate.value <= schedule.minimum) this.end('learningRate');
      else this.#rate.at.cuts++;
    } else if (plan?.stops) this.end('earlyStopping');
  }

  end(reason: StopReason): void {
    this.done = true;
    this.history.stopReason = reason;
  }

  /** Puts the best epoch's parameters back, if that was asked for. */
  restoreBest(): void {
    if (this.#best && this.#hasBest) this.#learner.copy(this.#best, this.#learner.parts.block);
  }

  *read(): Sliced<ProgressState> {
    const { session, plan } = this.#learner.parts;
    const best = this.#hasBest ? this.#best : undefined;
    yield;
    return {
      plateau: this.#plateau && { ...this.#plateau.state },
      cutting: this.#cutting && { ...this.#cutting.state },
      best: best && session.elementsAt(best.address, plan.dtype, plan.size).slice(),
      history: copyPlain(this.history),
    };
  }

  set state({ plateau, cutting, best, history }: ProgressState) {
    const { session, plan } = this.#learner.parts;
    if (this.#plateau && plateau) this.#plateau.state = { ...plateau };
    if (this.#cutting && cutting) this.#cutting.state = { ...cutting };
    if (this.#best && best) {
      session.elementsAt(this.#best.address, plan.dtype, plan.size).set(best);
      this.#hasBest = true;
    }
    this.history = copyPlain(history);
    // What a callback stopped goes on.
    if (this.history.stopReason === 'callback') this.history.stopReason = 'epochs';
    this.done = history.epochs >= this.#plan.epochs || this.history.stopReason !== 'epochs';
  }

  dispose(): void {
    this.#best?.dispose();
  }
}
