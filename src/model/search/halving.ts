// Successive halving: all candidates with a little of a resource, the best part of them with more, and so on.
// Source: scikit-learn 1.2.1, sklearn/model_selection/_search_successive_halving.py; Jamieson and Talwalkar (2016).

import { ValueError } from '../../checks/errors.js';
import { readOptions } from '../../checks/read-options.js';
import { checkFlag, checkInteger, refuseValue } from '../../checks/values.js';
import { generatorOf, type Indices } from '../../data/splits.js';
import { countRows } from '../../matrix/copies.js';
import { range } from '../../numbers/range.js';
import type { RandomState } from '../../random/random.js';
import type { Parameters } from '../transformer-with.js';
import type { Candidate, Rounds } from './rounds.js';

/** How {@link gridSearch} and {@link randomSearch} halve. */
export interface HalvingOptions {
  /** What there is more of from round to round: rows, or an integer parameter by its name or path. Default: `'nSamples'`. */
  resource?: string;
  /** How many times as much each round has; one in so many candidates goes on. Default: 3. */
  factor?: number;
  /** The most of it. Default: all rows; of a parameter it must be given. */
  maxResources?: number;
  /**
   * The least of it; `'smallest'`: of rows 2 for each division and class, of a parameter 1; `'exhaust'`: no less, and so much that
   * the last round has as much as it may. Default: `'exhaust'`.
   */
  minResources?: number | 'smallest' | 'exhaust';
  /** Whether rounds go on with the least of it until so few candidates are left that the last round can tell them apart. */
  aggressiveElimination?: boolean;
  /** Of the rows that are drawn: a seed as in NumPy, or a generator, which moves on. Default: 0. */
  randomState?: number | RandomState;
}

/** The greatest k with factor^k <= n. */
function wholeLog(n: number, factor: number): number {
  let k = 0;
  for (let power = factor; power <= n; power *= factor) k++;
  return k;
}

/** So many of the rows, drawn. */
function some(rows: ArrayLike<number>, fraction: number, randomState: number | RandomState): Int32Array {
  const order = range(0, rows.length);
  generatorOf(randomState).shuffle(order);
  return order.subarray(0, Math.floor(fraction * rows.length)).map((i) => rows[i]);
}

/** Those that go on, the best last. */
function bestOf(round: readonly Candidate[], count: number): Parameters[] {
  const of = ({ meanTestScore: x }: Candidate) => (Number.isNaN(x) ? -Infinity : x);
  const sorted = [...round].sort((a, b) => of(a) - of(b) || 0);
  return sorted.slice(-count).map(({ parameters }) => parameters);
}

interface Plan {
  readonly resource: string;
  readonly factor: number;
  readonly randomState: number | RandomState;
  /** What each round has. */
  readonly resources: number[];
}

function planOf({ study, splits }: Rounds, count: number, halving: true | HalvingOptions): Plan {
  const known = ['resource', 'factor', 'maxResources', 'minResources', 'aggressiveElimination', 'randomState'];
  const options = readOptions(halving === true ? {} : halving, known, 'halving');
  const { resource = 'nSamples', factor = 3, minResources = 'exhaust', aggressiveElimination = false } = options;
  const { randomState = 0 } = options;
  if (typeof resource !== 'string') refuseValue('halving.resource', '"nSamples" or the name of a parameter', resource);
  checkInteger(factor, 'halving.factor', 2);
  checkFlag(aggressiveElimination, 'halving.aggressiveElimination');
  generatorOf(randomState);
  const ofRows = resource === 'nSamples';
  const rows = countRows(study.X, 'X');
  if (!ofRows && options.maxResources === undefined) {
    throw new ValueError(`"halving.maxResources" must be given: the most that ${resource} may be`);
  }
  const most = checkInteger(options.maxResources ?? rows, 'halving.maxResources', 1, ofRows ? rows : Infinity);
  const required = 1 + wholeLog(count, factor);
  let least = ofRows ? 2 * splits.length * (study.classes?.length ?? 1) : 1;
  if (minResources === 'exhaust') least = Math.max(least, Math.floor(most / factor ** (required - 1)));
  else if (minResources !== 'smallest') least = checkInteger(minResources, 'halving.minResources', 1);
  if (least > most) {
    throw new ValueError(`"halving.minResources" is ${least}, more than the ${most} that there may be of ${resource}`);
  }
  const possible = 1 + wholeLog(Math.floor(most / least), factor);
  const length = aggressiveElimination ? required : Math.min(possible, required);
  const resources = Array.from({ length }, (_, i) => {
    const power = aggressiveElimination ? Math.max(0, i - required + possible) : i;
    return Math.min(most, factor ** power * least);
  });
  return { resource, factor, randomState, resources };
}

/**
 * Runs the rounds.
 *
 * @returns where the last round's results begin
 * @throws {ValueError} naming the option; what a round throws
 */
export async function runHalving(
  rounds: Rounds,
  candidates: readonly Parameters[],
  halving: true | HalvingOptions,
): Promise<number> {
  const { resource, factor, randomState, resources } = planOf(rounds, candidates.length, halving);
  if (candidates.some((each) => Object.hasOwn(each, resource))) {
    throw new ValueError(`"halving.resource" is ${resource}, which is among the parameters to try`);
  }
  const ofRows = resource === 'nSamples';
  const n = countRows(rounds.study.X, 'X');
  let left = candidates;
  let begun = 0;
  for (const [iteration, amount] of resources.entries()) {
    begun = rounds.results.length;
    const part = (rows: ArrayLike<number>) => some(rows, amount / n, randomState);
    const splits: readonly Indices[] = ofRows
      ? rounds.splits.map(({ train, test }) => ({ train: part(train), test: part(test) }))
      : rounds.splits;
    const tried = ofRows ? left : left.map((each) => ({ ...each, [resource]: amount }));
    await rounds.tryAll(tried, splits, { iteration, resources: amount });
    if (rounds.stopped) break;
    left = bestOf(rounds.results.slice(begun), Math.ceil(left.length / factor));
  }
  return begun;
}
