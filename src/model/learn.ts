// One training of an estimator's network, and what it leaves.

import { NonFiniteError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { elementsOfNetwork, type Network } from '../network/network.js';
import type { Carry } from '../train/loop/drive.js';
import type { EpochReport } from '../train/loop/history.js';
import type { EarlyStopping, FitOptions, TrainingSet } from '../train/options.js';
import { run } from '../train/train.js';
import { courseOf, extend, type FitRecord, ReportedCourse } from './fit-record.js';

/** What a fitted estimator has. */
export interface Fitted extends FitRecord {
  readonly net: Network;
}

/**
 * Trains `start`'s network. If that fails the network is as it was, or is disposed of if it is new.
 *
 * @returns what it left; `aborted` with the signal's reason if that ended it after an epoch
 * @throws what training throws
 */
export async function learn(
  start: Fitted,
  isNew: boolean,
  set: TrainingSet,
  options: FitOptions,
  carry: Carry,
): Promise<{ fitted: Fitted; aborted?: { reason: unknown } }> {
  const { signal, onEpoch } = options;
  const monitor = own(Object(options.earlyStopping) as EarlyStopping, 'monitor') ?? 'loss';
  const reported = new ReportedCourse(monitor);
  // Asked for only where they are needed: a worker waits for the answer to each.
  const watched = (report: EpochReport) => {
    reported.add(report);
    return onEpoch?.(report);
  };
  const { net } = start;
  const parameters = elementsOfNetwork(net).slice();
  try {
    const state = await run(net, set, { ...options, onEpoch: signal || onEpoch ? watched : undefined }, carry);
    const { history } = state;
    // Gradients were finite; the last step may still have led out of the finite. A mask of -Infinity was there before.
    if (!state.parameters.every((value, i) => Number.isFinite(value) || value === parameters[i])) {
      throw new NonFiniteError('the last step led to parameters that are not finite: try a smaller learning rate');
    }
    const fitted = {
      ...extend(start, courseOf(history, monitor)),
      optimizer: state.optimizer,
      random: state.random,
      samplesSeen: state.samplesSeen,
      cuts: start.cuts + state.cuts,
      plateau: state.plateau ?? start.plateau,
      stopReason: history.stopReason,
    };
    return { fitted };
  } catch (reason) {
    if (signal?.aborted && reported.epochs > 0) {
      const samplesSeen = start.samplesSeen + reported.rows;
      const fitted: Fitted = { ...extend(start, reported), optimizer: undefined, samplesSeen, stopReason: 'callback' };
      return { fitted, aborted: { reason } };
    }
    if (isNew) net.dispose();
    else net.parameters = parameters;
    throw reason;
  }
}
