// How an estimator's network is trained: scikit-learn's solvers and rates, and all others that fit knows.

import { describe } from '../checks/describe.js';
import { BitgradError, ValueError } from '../checks/errors.js';
import { checkName, isWeight, refuseValue } from '../checks/values.js';
import { readSchedule, type Schedule } from '../train/loop/schedules.js';
import {
  kindOf,
  type OptimizerName,
  type OptimizerOptions,
  optimizers,
  readOptimizer,
} from '../train/optimizers/optimizers.js';

type WithoutRate<Options> = Options extends unknown ? Omit<Options, 'learningRate'> : never;

export interface SolverParameters {
  /**
   * `'adam'` (default), `'sgd'`, `'lbfgs'`, or any other of fit's optimizers, by its name or with options of its own:
   * `{ name: 'adamw', weightDecay: 0.05 }`. Its rate is `learningRateInit`.
   */
  solver: OptimizerName | WithoutRate<OptimizerOptions>;
  /**
   * Any of fit's schedules, by name, in options, or as a function of the epoch; default `'constant'`. scikit-learn's are
   * `'constant'`, `'invscaling'` (learningRateInit / (rows seen + 1)^powerT) and `'adaptive'` (divided by 5 at each plateau until
   * it is 1e-6 or less), to which adam pays no heed, as there. lbfgs has none.
   */
  learningRate: Schedule;
  /** Of all but lbfgs; default 1e-3. */
  learningRateInit: number;
  /** Of `'invscaling'`; default 0.5. */
  powerT: number;
  /** The most epochs, for lbfgs iterations; default 200. */
  maxIter: number;
  /**
   * What the watched curve must improve by at least. Of lbfgs the greatest gradient that counts as 0; it also ends where neither
   * step nor loss changes by more than 1e-5 tol, at most 1e-9. Default 1e-4.
   */
  tol: number;
  /** Of sgd, from 0 to below 1; default 0.9. */
  momentum: number;
  /** Of sgd; default true. */
  nesterovsMomentum: boolean;
  /** Of adam; default 0.9. */
  beta1: number;
  /** Of adam; default 0.999. */
  beta2: number;
  /** Of adam; default 1e-8. */
  epsilon: number;
  /** Of lbfgs: the most evaluations of the loss; default 15000. */
  maxFun: number;
}

export const solverName = ({ solver }: Pick<SolverParameters, 'solver'>): OptimizerName =>
  typeof solver === 'string' ? solver : solver.name;

/** What scikit-learn's parameters say of their solvers. */
function ownOptions(p: SolverParameters): object {
  const { learningRateInit: learningRate, beta1, beta2, epsilon } = p;
  const name = solverName(p);
  if (name === 'lbfgs') {
    // What tol promises of the gradient must not be cut short by the other end, where nothing changes: at the default it is
    // L-BFGS' own 1e-9, and falls with tol; with 0 both go on until nothing improves at all.
    const toleranceChange = Math.min(1e-9, 1e-5 * p.tol);
    return { toleranceGradient: p.tol, toleranceChange, maxFunctionCalls: p.maxFun };
  }
  if (name === 'sgd') {
    const { momentum = p.momentum } = Object(p.solver) as { momentum?: number };
    return { learningRate, momentum, nesterov: momentum > 0 && p.nesterovsMomentum };
  }
  return name === 'adam' ? { learningRate, beta1, beta2, epsilon } : { learningRate };
}

/** The optimizer that fit is given: options that `solver` states stand above those of other parameters. */
export function optimizerOf(p: SolverParameters): OptimizerOptions {
  const { solver } = p;
  return { ...ownOptions(p), ...(typeof solver === 'string' ? { name: solver } : solver) } as OptimizerOptions;
}

/** Which vectors the solver keeps, as a text. */
export function kept(p: SolverParameters): string {
  const plan = readOptimizer(optimizerOf(p));
  const kind = kindOf(plan);
  return `${plan.name} ${kind.whole ? '' : kind.slots(plan as never)}`;
}

const OF_SGD = ['constant', 'invscaling', 'adaptive'];

/** Whether it is one of those that scikit-learn has. */
const isOfSgd = (learningRate: Schedule): boolean => OF_SGD.includes(learningRate as string);

/** The schedule that fit is given. */
export function scheduleOf(p: SolverParameters): Schedule {
  const { learningRate, powerT } = p;
  const name = solverName(p);
  if (name === 'lbfgs' || (name === 'adam' && isOfSgd(learningRate))) return 'constant';
  if (typeof learningRate === 'function') {
    return (epoch) => {
      const rate: unknown = learningRate(epoch);
      if (isWeight(rate) && rate > 0) return rate;
      throw new ValueError(
        `"learningRate" must return a positive finite number for each epoch, got ${describe(rate)} for epoch ${epoch}`,
      );
    };
  }
  if (learningRate !== 'invscaling') return learningRate;
  return powerT === 0 ? 'constant' : { name: 'invscaling', power: powerT };
}

/** Calls with errors that name the estimator's argument, where fit has another name for it. */
export function renamed<T>(read: () => T, name: RegExp, by: string): T {
  try {
    return read();
  } catch (error) {
    // What others throw is theirs, and its message may be a getter.
    if (error instanceof BitgradError) error.message = error.message.replace(name, by);
    throw error;
  }
}

/** @throws {ValueError} naming the parameter */
export function checkSolver(p: SolverParameters): void {
  const { solver, learningRate } = p;
  if (typeof solver === 'object' && solver !== null && Object.hasOwn(solver, 'learningRate')) {
    throw new ValueError('"solver.learningRate" is "learningRateInit" of an estimator');
  }
  checkName(Object(solver) === solver ? solverName(p) : solver, optimizers, 'solver');
  renamed(() => readOptimizer(optimizerOf(p)), /\boptimizer\b/g, 'solver');
  if (typeof learningRate === 'function') return;
  if (typeof learningRate !== 'string' && Object(learningRate) !== learningRate) {
    refuseValue('learningRate', 'a schedule: its name, options or a function of the epoch', learningRate);
  }
  renamed(() => readSchedule(learningRate, p.maxIter), /\bschedule\b/g, 'learningRate');
}

/**
 * One call of partialFit is one epoch: it knows of no first and last one.
 *
 * @throws {ValueError} of a solver or a rate that has to
 */
export function checkOneEpoch(p: SolverParameters): void {
  const { learningRate } = p;
  if (solverName(p) === 'lbfgs') {
    throw new ValueError('partialFit needs "solver" sgd or adam: lbfgs takes all rows at once');
  }
  if (isOfSgd(learningRate)) return;
  throw new ValueError(
    `partialFit needs "learningRate" ${OF_SGD.join(', ')}: others count the epochs of one fit, got ${describe(learningRate)}`,
  );
}
