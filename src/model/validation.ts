// Rows that an estimator is judged by while it learns from others.

import { readOptions } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import { copyNumbers, keepRows } from '../matrix/copies.js';
import type { MatrixInput, RowsInput, VectorInput } from '../matrix/operand.js';
import type { TableInput } from '../matrix/table.js';
import type { TrainingSet } from '../train/options.js';
import { isSet } from '../train/read-rows.js';
import { renamed } from './solver.js';
import type { LabelInput } from './targets.js';
import type { LabelPlan, ReadTargets } from './task.js';

/** Rows and targets as fit takes them. */
export interface ValidationSet {
  /** Rows, as fit takes them. */
  X: TableInput;
  /** Their targets, as fit takes them. */
  y: LabelInput | VectorInput;
  /** One weight for each row, 0 or more. */
  sampleWeight?: VectorInput | MatrixInput;
}

const NAME = 'validationData';

/** The set's own fields. @throws {ValueError} */
export function readSet(value: unknown): ValidationSet {
  if (!isSet(value)) refuseValue(NAME, '{ X, y }', value);
  return readOptions(value as ValidationSet, ['X', 'y', 'sampleWeight'], NAME);
}

/**
 * A set that was read, with targets as the network takes them once it is known which those are.
 *
 * @param later whether it is used later than it was handed in
 * @throws {ValueError|ShapeError|DtypeError} naming it
 */
export function readValidation(
  value: unknown,
  later: boolean,
  readTargets: (y: unknown) => ReadTargets,
): (labels: LabelPlan | undefined) => TrainingSet {
  const { X, y, sampleWeight } = readSet(value);
  const naming = <T>(read: () => T) => renamed(read, /"y"/g, `"${NAME}.y"`);
  const targets = naming(() => readTargets(y));
  // That it is no matrix is said when it is read.
  const rows = (later ? keepRows(X as RowsInput, `${NAME}.X`) : X) as RowsInput;
  const weights = later && sampleWeight ? copyNumbers(sampleWeight, `${NAME}.sampleWeight`) : sampleWeight;
  return (labels) => ({ X: rows, y: naming(() => targets(labels)).y, sampleWeight: weights });
}
