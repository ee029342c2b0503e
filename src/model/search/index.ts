// gridSearch and randomSearch: the parameters with which an estimator does best on rows that it did not see.

import { ValueError } from '../../checks/errors.js';
import { checkInteger } from '../../checks/values.js';
import { generatorOf } from '../../data/splits.js';
import type { TableInput } from '../../matrix/table.js';
import type { RandomState } from '../../random/random.js';
import type { Estimator, TargetsOf } from '../pipeline.js';
import { drawParameters, type ParameterSpace } from './draws.js';
import { Grids, type ParameterGrid, readSpaces, readValues } from './parameters.js';
import { runSearch, Search, type SearchOptions } from './search.js';

/** Combinations of a grid: more would not end. */
const MOST = 1_000_000;

/**
 * Tries every combination of parameters by cross-validation, and trains the best one on all rows; scikit-learn's `GridSearchCV`.
 * `await` gives the result; `for await` a report after each candidate. Results do not depend on `jobs`, nor on timing.
 *
 * @param estimator an estimator or a pipeline: it is left as it is
 * @param parameters values of each parameter, by name; of a pipeline by path, as `'estimator.alpha'`; or an array of such objects
 * @throws {ValueError} naming the option or the parameter, before anything is trained; the signal's reason if it aborts
 * @example
 * const X = Array.from({ length: 40 }, (_, i) => [i / 20 - 1]);
 * const y = X.map(([x]) => 3 * x);
 * const model = new MLPRegressor({ hiddenLayerSizes: [], solver: 'lbfgs', background: false });
 * const { bestParameters, bestEstimator } = await gridSearch(model, X, y, { alpha: [0, 10] }, { cv: 4 });
 * bestParameters.alpha; // 0
 * Math.round(bestEstimator.predict([[2]])[0]); // 6
 */
export function gridSearch<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  parameters: ParameterGrid | readonly ParameterGrid[],
  options?: SearchOptions<E> & { refit?: true },
): Search<E>;
export function gridSearch<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  parameters: ParameterGrid | readonly ParameterGrid[],
  options?: SearchOptions<E>,
): Search<E | undefined>;
export function gridSearch<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  parameters: ParameterGrid | readonly ParameterGrid[],
  options: SearchOptions<E> = {},
): Search<E | undefined> {
  const propose = () => {
    const grids = new Grids(readSpaces(parameters, readValues));
    if (grids.length > MOST) {
      throw new ValueError(`"parameters" has ${grids.length} combinations, too many to try: use randomSearch`);
    }
    return Array.from({ length: grids.length }, (_, i) => grids.at(i));
  };
  return new Search((onReport) => runSearch([estimator, X, y], options, [], 'gridSearch', propose, onReport));
}

/** Options of {@link randomSearch}. */
export interface RandomSearchOptions<E extends Estimator = Estimator> extends SearchOptions<E> {
  /** How many candidates to draw. Default: 10. */
  nIter?: number;
  /** A seed as in NumPy, or a generator, which moves on. Default: 0. */
  randomState?: number | RandomState;
}

/**
 * The same with parameters drawn at random; scikit-learn's `RandomizedSearchCV`, with its draws for the same random state.
 *
 * @param parameters of each parameter a list, of which one is drawn, `{ uniform: [low, high] }`, `{ logUniform: [low, high] }`,
 * `{ integers: [low, high] }`, or a function of the generator; or an array of such objects. Of lists alone no combination is tried
 * twice.
 * @throws as gridSearch
 * @example
 * const X = Array.from({ length: 40 }, (_, i) => [i / 20 - 1]);
 * const y = X.map(([x]) => 3 * x);
 * const model = new MLPRegressor({ hiddenLayerSizes: [], solver: 'lbfgs', background: false });
 * const { results } = await randomSearch(model, X, y, { alpha: { logUniform: [1e-6, 1] } }, { nIter: 5 });
 * results.length; // 5
 */
export function randomSearch<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  parameters: ParameterSpace | readonly ParameterSpace[],
  options?: RandomSearchOptions<E> & { refit?: true },
): Search<E>;
export function randomSearch<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  parameters: ParameterSpace | readonly ParameterSpace[],
  options?: RandomSearchOptions<E>,
): Search<E | undefined>;
export function randomSearch<E extends Estimator>(
  estimator: E,
  X: TableInput,
  y: TargetsOf<E>,
  parameters: ParameterSpace | readonly ParameterSpace[],
  options: RandomSearchOptions<E> = {},
): Search<E | undefined> {
  const propose = ({ nIter = 10, randomState }: RandomSearchOptions<E>) => {
    checkInteger(nIter, 'nIter', 1);
    return drawParameters(parameters, nIter, generatorOf(randomState));
  };
  const further = ['nIter', 'randomState'];
  return new Search((onReport) => runSearch([estimator, X, y], options, further, 'randomSearch', propose, onReport));
}
