// Weights of classes, turned to weights of rows.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { isWeight, refuseValue } from '../checks/values.js';
import { codesOf, type Label, readLabels } from './labels.js';

/** `'balanced'`: rows / (classes * rows of the class), of the classes that occur; or a weight for each label, 1 where none is given. */
export type ClassWeight = 'balanced' | Readonly<Record<string | number, number>>;

/** Whether they may be weights by label: a Map, or a typed array, has no labels for keys. @internal */
export const isByLabel = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Object]';

/** @param counts rows of each class @param rows of all @returns 0 for a class that does not occur @internal */
export function balancedWeights(counts: readonly number[], rows: number): number[] {
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? rows / (present * count) : 0));
}

/**
 * What an object says of each class, in their order.
 *
 * @param all whether there are no other classes: then its keys must be among them. Else, as scikit-learn has it, they must if a class
 * is without
 * @throws {ValueError} at what is no weight, and at a key that is no class
 * @internal
 */
export function statedWeights(given: object, classes: readonly Label[], name: string, all = true): number[] {
  const stated = new Map(Object.entries(given));
  for (const [key, weight] of stated) {
    if (!isWeight(weight)) refuseValue(name, 'a finite number, 0 or more', weight, `[${JSON.stringify(key)}]`);
  }
  const names = classes.map(String);
  const stray = [...stated.keys()].find((key) => !names.includes(key));
  if (stray !== undefined && (all || names.some((each) => !stated.has(each)))) {
    const some = classes.slice(0, 10).map((label) => describe(label));
    throw new ValueError(
      `"${name}" has a weight for ${JSON.stringify(stray)}, which is no class; classes are ` +
        `${some.join(', ')}${classes.length > 10 ? ', ...' : ''}`,
    );
  }
  return names.map((each) => stated.get(each) ?? 1);
}

/**
 * The weight of each row by its class, for `sampleWeight` of `loss`, `gradients` and `fit`: scikit-learn's compute_sample_weight.
 *
 * @param classWeight `'balanced'`, or weights by label: a label without weighs 1
 * @param y a label for each row, as a classifier takes them
 * @throws {ValueError|ShapeError} naming the argument; of a weight for no label of y, where a label has none
 * @example
 * computeSampleWeight('balanced', ['no', 'no', 'no', 'yes']); // Float64Array [0.6666666666666666, 0.6666666666666666, 0.6666666666666666, 2]
 * computeSampleWeight({ yes: 3 }, ['no', 'yes']); // Float64Array [1, 3]
 */
export function computeSampleWeight(classWeight: ClassWeight, y: ArrayLike<Label>): Float64Array {
  const { labels, classes } = readLabels(y, 'y');
  const codes = codesOf(labels, classes);
  let weights: readonly number[];
  if (classWeight === 'balanced') {
    const counts = new Array<number>(classes.length).fill(0);
    for (const code of codes) counts[code]++;
    weights = balancedWeights(counts, codes.length);
  } else if (isByLabel(classWeight)) weights = statedWeights(classWeight, classes, 'classWeight', false);
  else return refuseValue('classWeight', "'balanced' or an object of weights by label", classWeight);
  return Float64Array.from(codes, (code) => weights[code]);
}
