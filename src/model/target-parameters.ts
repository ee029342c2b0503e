// The options of a TransformedTargetRegressor: its own, and by their paths those of what it holds.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkFunction, refuseValue } from '../checks/values.js';
import type { RowsInput } from '../matrix/operand.js';
import { Network } from '../network/network.js';
import type { EstimatorFitOptions } from './fit-options.js';
import type { MLPRegressor } from './regressor.js';
import { byFunctions, checkTransformer, type NumberFunction, type TargetTransformer } from './target-transformer.js';
import { type Parameters, transformerWith, within } from './transformer-with.js';

/** What learns the transformed targets: an MLPRegressor, a pipeline that ends in one, or anything alike. */
export interface InnerRegressor {
  /** Learns from rows and transformed targets. */
  fit(X: RowsInput, y: never, options?: EstimatorFitOptions): Promise<unknown>;
  /** A transformed target for each row. */
  predict(X: RowsInput): unknown;
  /** One with the same parameters, not fitted. */
  clone(): InnerRegressor;
  /** Frees its memory. */
  dispose(): void;
}

/** Options of {@link TransformedTargetRegressor}. */
export interface TransformedTargetOptions<R extends InnerRegressor = MLPRegressor> {
  /** Learns the transformed targets; it is fitted itself, not a clone of it. */
  regressor: R;
  /** A scaler, or anything with fit, transform and inverseTransform; a clone of it is fitted to the targets. */
  transformer?: TargetTransformer | undefined;
  /** In place of a transformer: from a target to what is learnt. */
  func?: NumberFunction | undefined;
  /** From what is predicted to a target. */
  inverseFunc?: NumberFunction | undefined;
  /** Whether fit refuses what does not give targets back, within 1e-5 of them. Default: true. */
  checkInverse?: boolean;
}

/** All of them. */
export type ReadTargetOptions<R extends InnerRegressor> = TransformedTargetOptions<R> & { checkInverse: boolean };

const NAMES = ['regressor', 'transformer', 'func', 'inverseFunc', 'checkInverse'] as const;

/** All of them, checked. @throws {ValueError} naming the option */
export function readTargetOptions<R extends InnerRegressor>(
  options: TransformedTargetOptions<R>,
  kind: string,
): ReadTargetOptions<R> {
  const given = readOptions(options, NAMES, kind);
  const { regressor, transformer, func, inverseFunc, checkInverse = true } = given;
  // Its clone has learnt what it has.
  if ((regressor as unknown) instanceof Network) {
    refuseValue('regressor', 'a regressor: new NetworkEstimator(net, { epochs: 20 }) is one', regressor);
  }
  const missing = ['fit', 'predict', 'clone', 'dispose'].find((name) => typeof Object(regressor)[name] !== 'function');
  if (missing) throw new ValueError(`"regressor" must be a regressor: ${describe(regressor)} has no method ${missing}`);
  checkFunction(func, 'func');
  checkFunction(inverseFunc, 'inverseFunc');
  if (transformer !== undefined) checkTransformer(transformer);
  if ((func === undefined) !== (inverseFunc === undefined) || (transformer === undefined) === (func === undefined)) {
    throw new ValueError(`${kind} needs either "transformer" or both "func" and "inverseFunc"`);
  }
  return { regressor, transformer, func, inverseFunc, checkInverse: checkFlag(checkInverse, 'checkInverse') };
}

/** What transforms by these options, not fitted. */
export const transformerOf = <R extends InnerRegressor>({
  transformer,
  func,
  inverseFunc,
}: TransformedTargetOptions<R>): TargetTransformer =>
  transformer ?? byFunctions(func as NumberFunction, inverseFunc as NumberFunction);

/**
 * Options with other values, given by their names or paths: `checkInverse`, `'transformer.withMean'`, `'regressor.alpha'`.
 *
 * @returns the options, checked; and what is for the regressor
 * @throws {ValueError} naming the path
 */
export function withTargetParameters<R extends InnerRegressor>(
  before: TransformedTargetOptions<R>,
  parameters: Parameters,
  kind: string,
): { options: ReadTargetOptions<R>; ofRegressor: Parameters } {
  const { own, nested } = within(parameters, ['regressor', 'transformer']);
  const unknown = Object.keys(own).find((name) => !NAMES.includes(name as never));
  if (unknown !== undefined) {
    throw new ValueError(
      `"${unknown}" is no parameter of a ${kind}: it has ${NAMES.join(', ')}; write regressor.<name> or transformer.<name> ` +
        'for what those have',
    );
  }
  const options = readTargetOptions({ ...before, ...own }, kind);
  const { transformer } = options;
  const ofTransformer = nested.get('transformer');
  if (ofTransformer && !transformer) {
    const [name] = Object.keys(ofTransformer);
    throw new ValueError(`"transformer.${name}" is no parameter where functions transform`);
  }
  return {
    options:
      ofTransformer && transformer
        ? {
            ...options,
            transformer: transformerWith(transformer, ofTransformer, 'transformer') as TargetTransformer,
          }
        : options,
    ofRegressor: nested.get('regressor') ?? {},
  };
}
