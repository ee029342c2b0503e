// A search: candidates, each tried on every division of the rows, and the best of them trained on all.

import { ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, checkFunction, refuseValue } from '../../checks/values.js';
import { nowMs } from '../../host/runtime.js';
import type { MatrixInput } from '../../matrix/operand.js';
import type { TableInput } from '../../matrix/table.js';
import { Reporting } from '../../train/loop/reporting.js';
import type { Estimator } from '../pipeline.js';
import { readStudy, STUDY_OPTIONS, type Study, type StudyOptions } from '../study.js';
import type { Parameters } from '../transformer-with.js';
import { type HalvingOptions, runHalving } from './halving.js';
import { withParameters } from './parameters.js';
import { ranksOf } from './ranks.js';
import { type Candidate, type CandidateReport, Rounds } from './rounds.js';

/** A candidate among the others. */
export type RankedCandidate = Candidate & {
  /** 1 for the best; equal ones share a rank; those with NaN come last. */
  readonly rank: number;
};

/** Options of {@link gridSearch} and {@link randomSearch}. */
export interface SearchOptions<E extends Estimator = Estimator> extends StudyOptions<E> {
  /** Whether to train the best candidate on all rows: `bestEstimator`. Default: true. */
  refit?: boolean;
  /** The score of a training or scoring that fails; `'raise'`: it ends the search. Default: NaN. */
  errorScore?: number | 'raise';
  /** Whether to score the rows trained on as well. Default: false. */
  returnTrainScore?: boolean;
  /** After each candidate, in their order; the search waits for what it returns, and at false stops and takes the best so far. */
  onCandidate?: (report: CandidateReport) => unknown;
  /** Successive halving: all candidates with few rows or epochs, a part of them with more, and so on. Default: false. */
  halving?: boolean | HalvingOptions;
}

/**
 * What a search found.
 *
 * @typeParam Best of bestEstimator: the estimator's, undefined without refit
 */
export interface SearchResult<Best> {
  /** In their order; of halving round after round. */
  readonly results: RankedCandidate[];
  /** The place of the best in `results`. */
  readonly bestIndex: number;
  /** What the best was given. */
  readonly bestParameters: Parameters;
  /** Its mean score on the rows that were held out. */
  readonly bestScore: number;
  /** Trained on all rows; undefined without refit. */
  readonly bestEstimator: Best;
  /** Seconds of the last training, on all rows; undefined without refit. */
  readonly refitSeconds: number | undefined;
}

export const SEARCH_OPTIONS = [
  ...STUDY_OPTIONS,
  'scoring',
  'refit',
  'errorScore',
  'returnTrainScore',
  'onCandidate',
  'halving',
];

/** The place of the best mean, the first of equal ones, from `from` on. */
function bestOf(results: readonly Candidate[], from: number): number {
  let best = from;
  for (let i = from + 1; i < results.length; i++) {
    const [a, b] = [results[i].meanTestScore, results[best].meanTestScore];
    if (a > b || (Number.isNaN(b) && !Number.isNaN(a))) best = i;
  }
  return best;
}

/** Where no candidate has a score, none is the best. @throws {ValueError} */
function checkScored(best: Candidate, tried: readonly Candidate[]): void {
  if (!Number.isNaN(best.meanTestScore)) return;
  const cause = tried.find(({ error }) => error !== undefined)?.error;
  const reason = (cause as Error | undefined)?.message ?? cause;
  const why = cause === undefined ? 'as R2 of a single row is: look at "cv" and "scoring"' : `the first for: ${reason}`;
  throw new ValueError(`no candidate is the best: the mean score of each is NaN, ${why}`, { cause });
}

/**
 * A search that has not begun: awaiting it runs it to its end, `for await` runs it candidate by candidate. It reads its arguments
 * and begins then, not before.
 */
export class Search<Best> extends Reporting<CandidateReport, SearchResult<Best>> {
  readonly #run: (onReport?: (report: CandidateReport) => unknown) => Promise<SearchResult<Best>>;

  /** Use `gridSearch` or `randomSearch`. @internal */
  constructor(run: (onReport?: (report: CandidateReport) => unknown) => Promise<SearchResult<Best>>) {
    super('this search has begun already: call it again');
    this.#run = run;
  }

  protected override run(onReport?: (report: CandidateReport) => unknown): Promise<SearchResult<Best>> {
    return this.#run(onReport);
  }
}

/**
 * Tries what `propose` says, and trains the best.
 *
 * @param further names of options beside those of every search
 */
export async function runSearch<E extends Estimator, O extends SearchOptions<E>>(
  [estimator, X, y]: readonly [E, TableInput, unknown],
  options: O,
  further: readonly string[],
  where: string,
  propose: (options: O) => Parameters[],
  onReport?: (report: CandidateReport) => unknown,
): Promise<SearchResult<E>> {
  const given = readOptions(options, [...SEARCH_OPTIONS, ...further], where);
  const { refit = true, returnTrainScore = false, errorScore = Number.NaN, onCandidate, halving = false } = given;
  checkFlag(refit, 'refit');
  checkFlag(returnTrainScore, 'returnTrainScore');
  checkFunction(onCandidate, 'onCandidate');
  if (errorScore !== 'raise' && typeof errorScore !== 'number') {
    refuseValue('errorScore', 'a number or "raise"', errorScore);
  }
  const candidates = propose(given);
  const study = readStudy(estimator, X, y, given);
  const rounds = new Rounds(study as unknown as Study, {
    returnTrainScore,
    errorScore,
    onReport: async (report) => ![await onCandidate?.(report), await onReport?.(report)].includes(false),
  });
  // The best is one of the last round.
  const last = halving === false ? 0 : await runHalving(rounds, candidates, halving);
  if (halving === false) await rounds.tryAll(candidates, rounds.splits);
  const { results } = rounds;
  const ranks = ranksOf(results.map(({ meanTestScore }) => meanTestScore));
  const bestIndex = bestOf(results, last);
  const best = results[bestIndex];
  checkScored(best, results.slice(last));
  const start = nowMs();
  const bestEstimator = refit ? withParameters(study.estimator, best.parameters) : undefined;
  try {
    const { X: rows, targets, sampleWeight, signal } = study;
    await bestEstimator?.fit(rows as MatrixInput, targets as never, { sampleWeight: sampleWeight as never, signal });
  } catch (error) {
    bestEstimator?.dispose();
    throw error;
  }
  return {
    results: results.map((each, i) => ({ ...each, rank: ranks[i] })),
    bestIndex,
    bestParameters: best.parameters,
    bestScore: best.meanTestScore,
    bestEstimator: bestEstimator as E,
    refitSeconds: refit ? (nowMs() - start) / 1000 : undefined,
  };
}
