// Parameters by name or path, and an estimator that has them.

import { describe } from '../../checks/describe.js';
import { ValueError } from '../../checks/errors.js';
import { isObject, refuseValue } from '../../checks/values.js';
import { cloneTransformer, type Transformer } from '../../data/transformer.js';
import { type Estimator, Pipeline } from '../pipeline.js';
import { checkEstimator } from '../study.js';
import { type InnerRegressor, withTargetParameters } from '../target-parameters.js';
import { TransformedTargetRegressor } from '../transformed-target.js';
import { type Parameters, transformerWith } from '../transformer-with.js';

const PATH = /^(?:estimator|transformers\.(\d+))(?:\.(.+))?$/;

function pipelineWith(pipeline: Pipeline<Estimator>, parameters: Parameters): Estimator {
  const steps = pipeline.steps as (Estimator | Transformer)[];
  const last = steps.length - 1;
  const within = new Map<number, Parameters>();
  for (const [path, value] of Object.entries(parameters)) {
    const [matched, index, rest] = PATH.exec(path) ?? [];
    const at = index === undefined ? last : Number(index);
    if (matched === undefined || (index !== undefined && at >= last)) {
      const places = ['estimator', ...pipeline.transformers.map((_, i) => `transformers.${i}`)];
      throw new ValueError(
        `"${path}" is no parameter of a pipeline: write ${places.map((place) => `${place}.<name>`).join(' or ')}`,
      );
    }
    if (rest !== undefined) within.set(at, { ...within.get(at), [rest]: value });
    else steps[at] = value as Estimator;
  }
  const made = steps.map((step, i) => {
    const own = within.get(i);
    if (i === last) {
      checkEstimator(step);
      return own ? withParameters(step as Estimator, own) : (step as Estimator).clone();
    }
    if (typeof (step as Transformer | null)?.transform !== 'function') {
      refuseValue(`transformers.${i}`, 'a scaler', step);
    }
    return own ? transformerWith(step as Transformer, own, `transformers.${i}`) : cloneTransformer(step as Transformer);
  });
  return new Pipeline(made as [...Transformer[], Estimator]);
}

function targetWith(
  model: TransformedTargetRegressor<InnerRegressor>,
  parameters: Parameters,
): TransformedTargetRegressor<InnerRegressor> {
  const { options, ofRegressor } = withTargetParameters(model.getParams(), parameters, 'TransformedTargetRegressor');
  const regressor = withParameters(options.regressor as Estimator, ofRegressor);
  return new TransformedTargetRegressor<InnerRegressor>({ ...options, regressor });
}

/**
 * A copy of an estimator that was not fitted, with these parameters.
 *
 * @throws {ValueError} naming the parameter that it does not have, or whose value is none
 */
export function withParameters<E extends Estimator>(estimator: E, parameters: Parameters): E {
  if (estimator instanceof Pipeline) return pipelineWith(estimator, parameters) as unknown as E;
  if (estimator instanceof TransformedTargetRegressor) return targetWith(estimator, parameters) as unknown as E;
  const copy = estimator.clone() as E & { setParams?(parameters: Parameters): unknown };
  if (Object.keys(parameters).length === 0) return copy;
  if (typeof copy.setParams !== 'function') {
    throw new ValueError(`${describe(estimator)} has no method setParams, which gives it parameters`);
  }
  copy.setParams(parameters);
  return copy;
}

/** Parameters and the values to try of each. */
export type ParameterGrid = Readonly<Record<string, ArrayLike<unknown>>>;

/** An object, or several of them, each with one name or more. @throws {ValueError} @param check of each name's values */
export function readSpaces<V>(value: unknown, check: (value: unknown, name: string) => V): [string, V][][] {
  const several = Array.isArray(value);
  const spaces: unknown[] = several ? value : [value];
  if (spaces.length === 0) refuseValue('parameters', 'an object of parameters, or an array of such', value);
  return spaces.map((space, i) => {
    if (!isObject(space)) refuseValue('parameters', 'an object of parameters', space, several ? `[${i}]` : '');
    if (Object.keys(space).length === 0) refuseValue('parameters', 'an object that names a parameter or more', space);
    // In the order of their names: so that what is drawn does not depend on how they were written down.
    return Object.entries(space as object)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]) => [name, check(values, name)]);
  });
}

/** The values to try of a parameter. @throws {ValueError} unless it is a list of them */
export function readValues(value: unknown, name: string): readonly unknown[] {
  const listed = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
  const values = listed ? Array.from(value as ArrayLike<unknown>) : [];
  return values.length > 0 ? values : refuseValue(`parameters.${name}`, 'an array of values to try', value);
}

type Grid = readonly (readonly [string, readonly unknown[]])[];

/** Every combination of values, grid by grid; those of the last name change fastest, as in scikit-learn's ParameterGrid. */
export class Grids {
  readonly #grids: readonly Grid[];
  readonly length: number;

  constructor(grids: readonly Grid[]) {
    this.#grids = grids;
    this.length = grids.reduce((sum, grid) => sum + sizeOf(grid), 0);
  }

  at(place: number): Parameters {
    let rest = place;
    const grid = this.#grids.find((each) => {
      if (rest < sizeOf(each)) return true;
      rest -= sizeOf(each);
      return false;
    }) as Grid;
    const chosen: [string, unknown][] = [];
    for (const [name, values] of [...grid].reverse()) {
      chosen.unshift([name, values[rest % values.length]]);
      rest = Math.floor(rest / values.length);
    }
    return Object.fromEntries(chosen);
  }
}

const sizeOf = (grid: Grid) => grid.reduce((product, [, values]) => product * values.length, 1);
