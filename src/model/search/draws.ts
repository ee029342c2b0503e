// Parameters drawn at random. Source: scikit-learn 1.2.1, ParameterSampler in sklearn/model_selection/_search.py and
// sample_without_replacement in sklearn/utils/_random.pyx.

import { ValueError } from '../../checks/errors.js';
import { isInteger, isObject, refuseValue } from '../../checks/values.js';
import { exp } from '../../numbers/precise-exp.js';
import { log } from '../../numbers/precise-log.js';
import { range } from '../../numbers/range.js';
import type { RandomState } from '../../random/random.js';
import type { Parameters } from '../transformer-with.js';
import { Grids, readSpaces, readValues } from './parameters.js';

/**
 * Where values come from: a list of which one is drawn; numbers from low to high, evenly or evenly in their logarithms; integers
 * from low to high, both included; or a function of the generator.
 */
export type Distribution =
  | ArrayLike<unknown>
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly logUniform: readonly [low: number, high: number] }
  | { readonly integers: readonly [low: number, high: number] }
  | ((random: RandomState) => unknown);

/** Of each parameter, by its name, where its values come from; of a pipeline's steps by paths as `'transformers.0.withMean'`. */
export type ParameterSpace = Readonly<Record<string, Distribution>>;

type Draw = (rng: RandomState) => unknown;

const KINDS: Record<string, (low: number, high: number) => { draw: Draw; legal: boolean; wanted: string }> = {
  uniform: (low, high) => ({
    draw: (rng) => low + rng.rand() * (high - low),
    legal: low < high,
    wanted: '[low, high], finite numbers, low below high',
  }),
  logUniform: (low, high) => ({
    draw: (rng) => {
      const exponent = log(low) + rng.rand() * (log(high) - log(low));
      return Math.min(high, Math.max(low, exp(exponent)));
    },
    legal: low >= 1e-300 && low < high && high <= 1e300,
    wanted: '[low, high], from 1e-300 to 1e300, low below high',
  }),
  integers: (low, high) => ({
    draw: (rng) => low + rng.upTo(high - low),
    legal: Number.isSafeInteger(low) && isInteger(high, low, low + 2 ** 31 - 1),
    wanted: '[low, high], integers, low no greater than high',
  }),
};

function readDraw(value: unknown, name: string): Draw | readonly unknown[] {
  if (typeof value === 'function') return (rng) => value(rng);
  if (!isObject(value) || ArrayBuffer.isView(value)) return readValues(value, name);
  const [kind, ...more] = Object.keys(value);
  if (more.length > 0 || !Object.hasOwn(KINDS, kind)) {
    refuseValue(`parameters.${name}`, 'an array, a function, or one of { uniform, logUniform, integers }', value);
  }
  const bounds = (value as Record<string, unknown>)[kind];
  const [low, high] = Array.isArray(bounds) ? bounds : [];
  const finite = Number.isFinite(low) && Number.isFinite(high);
  const { draw, legal, wanted } = KINDS[kind](low, high);
  return finite && legal ? draw : refuseValue(`parameters.${name}.${kind}`, wanted, bounds);
}

/** So many of the integers below n, each once, as scikit-learn's sample_without_replacement has them. */
export function withoutReplacement(n: number, count: number, rng: RandomState): ArrayLike<number> {
  const ratio = count / n;
  if (ratio > 0.01 && ratio < 0.99) return rng.permutation(n).subarray(0, count);
  if (ratio < 0.2) {
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(rng.upTo(n - 1));
    return [...chosen];
  }
  const reservoir = range(0, count);
  for (let i = count; i < n; i++) {
    const j = rng.upTo(i);
    if (j < count) reservoir[j] = i;
  }
  return reservoir;
}

/**
 * So many parameters, drawn. Of lists alone no combination comes twice, and there are no more than those.
 *
 * @throws {ValueError} naming the parameter
 */
export function drawParameters(space: unknown, count: number, rng: RandomState): Parameters[] {
  const spaces = readSpaces(space, readDraw);
  const lists = (entries: (typeof spaces)[number]) => entries.every(([, draw]) => typeof draw !== 'function');
  if (spaces.every(lists)) {
    const grids = new Grids(spaces as [string, readonly unknown[]][][]);
    if (!(grids.length <= 2 ** 31 - 1)) {
      throw new ValueError(
        `"parameters" has ${grids.length} combinations, more than can be drawn from: use distributions`,
      );
    }
    const places = withoutReplacement(grids.length, Math.min(count, grids.length), rng);
    return Array.from(places, (place) => grids.at(place));
  }
  return Array.from({ length: count }, () => {
    const entries = spaces[rng.upTo(spaces.length - 1)];
    return Object.fromEntries(
      entries.map(([name, draw]) => [name, typeof draw === 'function' ? draw(rng) : draw[rng.upTo(draw.length - 1)]]),
    );
  });
}
