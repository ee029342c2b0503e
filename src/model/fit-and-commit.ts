// Fitting an estimator together with what stands before or behind it: both change, or neither does.

import { own } from '../checks/read-options.js';
import type { RowsInput } from '../matrix/operand.js';
import type { EpochReport } from '../train/loop/history.js';
import type { EstimatorFitOptions } from './fit-options.js';
import type { Queue } from './queue.js';

/** Fits, then commits: also if it is aborted after an epoch, which the estimator keeps. */
export async function fitAndCommit(
  estimator: { fit(X: RowsInput, y: never, options?: EstimatorFitOptions): Promise<unknown> },
  X: RowsInput,
  y: unknown,
  options: EstimatorFitOptions,
  queue: Queue,
  commit: () => Promise<void> | void,
): Promise<void> {
  const known = Object(options) as EstimatorFitOptions;
  const [signal, onEpoch] = [own(known, 'signal'), own(known, 'onEpoch')];
  let epochs = 0;
  const counted = (report: EpochReport) => {
    epochs++;
    return onEpoch && queue.callback(() => onEpoch(report));
  };
  const watched = signal !== undefined || typeof onEpoch === 'function';
  try {
    await estimator.fit(X, y as never, watched ? { ...options, onEpoch: counted } : options);
  } catch (error) {
    if (signal?.aborted && epochs > 0) await commit();
    throw error;
  }
  await commit();
}
