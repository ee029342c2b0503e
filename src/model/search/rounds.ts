// Candidates, each tried on every division of the rows.

import { ValueError } from '../../checks/errors.js';
import type { Indices } from '../../data/splits.js';
import type { AbortSignalLike } from '../../host/abort-signal.js';
import { nowMs } from '../../host/runtime.js';
import { type Study, type Trial, tryOn } from '../study.js';
import type { Parameters } from '../transformer-with.js';
import { inOrder } from './jobs.js';
import { withParameters } from './parameters.js';
import { meanOf, spreadOf } from './ranks.js';

/** What came of one candidate. */
export interface Candidate {
  /** What it was given. */
  readonly parameters: Parameters;
  /** The score on each division's test rows, NaN where training or scoring failed, and their mean and standard deviation. */
  readonly testScores: number[];
  /** The mean of `testScores`. */
  readonly meanTestScore: number;
  /** Their standard deviation. */
  readonly stdTestScore: number;
  /** If they were asked for. */
  readonly trainScores?: number[];
  /** The mean of `trainScores`. */
  readonly meanTrainScore?: number;
  /** All its trainings together. */
  readonly fitSeconds: number;
  /** All its scores together. */
  readonly scoreSeconds: number;
  /** What the first training or score that failed threw. */
  readonly error?: unknown;
  /** Of halving: its round, from 0, and what it was given of the resource. */
  readonly iteration?: number;
  /** How many rows or epochs it was given. */
  readonly resources?: number;
}

/** How a search gets on, after each candidate, in their order. */
export interface CandidateReport extends Candidate {
  /** Its place, from 0. */
  readonly candidate: number;
  /** How many there are; of halving in its rounds so far and this one. */
  readonly candidates: number;
  /** The best mean so far. */
  readonly bestScore: number;
  /** Since the search began, and about how long the candidates take that are left. */
  readonly seconds: number;
  /** About how many seconds are left. */
  readonly etaSeconds: number;
}

/** How candidates are tried. */
export interface Trying {
  readonly returnTrainScore: boolean;
  readonly errorScore: number | 'raise';
  /** After each candidate; false ends the search. */
  readonly onReport: (report: CandidateReport) => Promise<boolean>;
}

/** A training or score that failed. */
type Failed = { readonly error: unknown };
type Outcome = Trial | Failed;

/** What rounds of candidates are tried on, and what came of them so far. */
export class Rounds {
  readonly study: Study;
  readonly splits: readonly Indices[];
  readonly results: Candidate[] = [];
  /** Whether a callback has stopped the search. */
  stopped = false;
  readonly #how: Trying;
  readonly #start = nowMs();
  #best = Number.NaN;

  constructor(study: Study, how: Trying) {
    this.study = study;
    this.splits = Array.from(study.splits);
    this.#how = how;
    if (this.splits.length === 0) throw new ValueError('"cv" has no splits');
  }

  /**
   * Tries every candidate on every division.
   *
   * @param more what else to say of each
   * @throws what fails, with errorScore `'raise'`; if everything fails; the signal's reason
   */
  async tryAll(
    candidates: readonly Parameters[],
    splits: readonly Indices[],
    more: Pick<Candidate, 'iteration' | 'resources'> = {},
  ): Promise<void> {
    const { study, results } = this;
    const { returnTrainScore, errorScore, onReport } = this.#how;
    // Refused before anything is trained.
    for (const parameters of candidates) withParameters(study.estimator, parameters).dispose();
    const total = results.length + candidates.length;
    const left = [...candidates];
    let outcomes: Outcome[] = [];
    let learnt = false;
    const task = async ([parameters, split]: [Parameters, Indices], stop: AbortSignalLike): Promise<Outcome> => {
      try {
        return await tryOn(study, withParameters(study.estimator, parameters), split, returnTrainScore, stop);
      } catch (error) {
        if (errorScore === 'raise' || stop.aborted) throw error;
        return { error };
      }
    };
    const each = async (outcome: Outcome) => {
      outcomes.push(outcome);
      learnt ||= !isFailed(outcome);
      if (outcomes.length < splits.length) return true;
      const parameters = left.shift() as Parameters;
      results.push({ ...candidateOf(parameters, outcomes, Number(errorScore), returnTrainScore), ...more });
      outcomes = [];
      this.stopped = !(await onReport(this.#report(total)));
      return !this.stopped;
    };
    await inOrder(pairs(candidates, splits), study.jobs, study.signal, task, each);
    if (learnt) return;
    const { error } = results[total - candidates.length];
    const reason = (error as Error)?.message ?? error;
    throw new ValueError(`all trainings failed, the first with: ${reason}`, { cause: error });
  }

  #report(candidates: number): CandidateReport {
    const done = this.results.length;
    const latest = this.results[done - 1];
    const { meanTestScore: mean } = latest;
    if (!(mean <= this.#best) && !Number.isNaN(mean)) this.#best = mean;
    const seconds = (nowMs() - this.#start) / 1000;
    const etaSeconds = (seconds / done) * (candidates - done);
    return { ...latest, candidate: done - 1, candidates, bestScore: this.#best, seconds, etaSeconds };
  }
}

function* pairs<A, B>(first: readonly A[], second: readonly B[]): Generator<[A, B], void> {
  for (const a of first) for (const b of second) yield [a, b];
}

const isFailed = (outcome: Outcome): outcome is Failed => Object.hasOwn(outcome, 'error');

function candidateOf(
  parameters: Parameters,
  outcomes: readonly Outcome[],
  errorScore: number,
  returnTrainScore: boolean,
): Candidate {
  const sum = (of: 'fitSeconds' | 'scoreSeconds') =>
    outcomes.reduce((total, outcome) => total + (isFailed(outcome) ? 0 : outcome[of]), 0);
  const scores = (of: 'testScore' | 'trainScore') =>
    outcomes.map((outcome) => (isFailed(outcome) ? errorScore : (outcome[of] as number)));
  const testScores = scores('testScore');
  const trainScores = returnTrainScore ? scores('trainScore') : undefined;
  const failed = outcomes.find(isFailed);
  return {
    parameters: { ...parameters },
    testScores,
    meanTestScore: meanOf(testScores),
    stdTestScore: spreadOf(testScores),
    ...(trainScores && { trainScores, meanTrainScore: meanOf(trainScores) }),
    fitSeconds: sum('fitSeconds'),
    scoreSeconds: sum('scoreSeconds'),
    ...(failed && { error: failed.error ?? new ValueError('it failed without a reason') }),
  };
}
