// What fit was handed, for when it is its turn.

import { isObject } from '../checks/values.js';
import { Matrix } from '../matrix/matrix.js';
import { ResidentMatrix } from '../matrix/resident.js';
import { snapshot } from '../matrix/snapshot.js';
import { Table } from '../matrix/table.js';
import type { EstimatorFitOptions } from './fit-options.js';
import { readSet } from './validation.js';

/** Rows, numbers or labels as they are now: what lies in linear memory, too. */
export const asNow = <T>(given: T): T =>
  given instanceof ResidentMatrix
    ? (Matrix.from(given) as T)
    : given instanceof Table // nobody can change it
      ? given
      : snapshot(given);

/** The options' own properties, unchecked but for the validation data's. @param later whether they are used later */
export function ownFitOptions<Options extends EstimatorFitOptions>(given: Options, later: boolean): Options {
  if (!isObject(given)) return given;
  const options: Options = Object.assign(Object.create(null), given);
  const { validationData, sampleWeight } = options;
  if (validationData !== undefined) options.validationData = readSet(validationData);
  if (!later) return options;
  if (sampleWeight) options.sampleWeight = asNow(sampleWeight);
  const set = options.validationData;
  if (set) options.validationData = { X: asNow(set.X), y: asNow(set.y), sampleWeight: asNow(set.sampleWeight) };
  return options;
}
