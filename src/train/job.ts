// A training that has read all that the caller handed in: from here on, what becomes of that changes nothing.

import { ValueError } from '../checks/errors.js';
import { own } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import type { AbortSignalLike } from '../host/abort-signal.js';
import { nowMs } from '../host/runtime.js';
import type { TypedArray } from '../matrix/operand.js';
import { checkIdle, PARTS } from '../network/calls.js';
import { checkNetwork, elementsOfNetwork, type Network } from '../network/network.js';
import { type Choice, chooseWhere } from './background/where.js';
import { type Blocks, readBlocks, type TrainingData } from './blocks.js';
import { Arrays, type ReadSet, Resident, type Room } from './dataset.js';
import type { Carry } from './loop/drive.js';
import type { BatchReport, EpochReport } from './loop/history.js';
import type { TrainerState } from './loop/trainer.js';
import {
  type CheckpointPlan,
  type CheckpointTarget,
  type FitOptions,
  type FitPlan,
  readCheckpointOptions,
  readFitOptions,
  readOwnOptions,
} from './options.js';
import { isSet, readClassWeight, readRows } from './read-rows.js';

/** All that a run needs, checked. */
export interface Job {
  readonly net: Network;
  /** The network's, as training begins. */
  readonly parameters: TypedArray;
  readonly plan: FitPlan;
  /** Where it is to run, and why. */
  readonly choice: Choice;
  readonly createWorker: FitOptions['createWorker'];
  /** All rows, or blocks of them epoch by epoch. */
  rows: ReadSet | undefined;
  readonly blocks: Blocks | undefined;
  validation: ReadSet | undefined;
  /** What of them lies in this engine's memory. */
  readonly room: Resident;
  readonly carry: Carry;
  state: TrainerState | undefined;
  readonly checkpointOptions: CheckpointTarget | undefined;
  /** Once its file is this training's. */
  checkpoint: CheckpointPlan | undefined;
  readonly signal: AbortSignalLike | undefined;
  onEpoch: ((report: EpochReport) => unknown) | undefined;
  readonly onBatch: ((report: BatchReport) => unknown) | undefined;
  /** When it was begun, by nowMs(): reading held up the event loop since then. */
  readonly since: number;
}

/** Several callbacks as one, which says false if one of them does. */
export function merged<R>(callbacks: (((report: R) => unknown) | undefined)[]): ((report: R) => unknown) | undefined {
  const given = callbacks.filter((each) => each !== undefined);
  if (given.length === 0) return undefined;
  if (given.length === 1) return given[0];
  return async (report) => {
    let go = true;
    for (const callback of given) if ((await callback(report)) === false) go = false;
    return go;
  };
}

/**
 * Reads everything, and marks the network as being trained, until release().
 *
 * @throws {ValueError|ShapeError|DtypeError|DisposedError} naming the option or argument
 */
export function readJob(net: Network, data: TrainingData, given: FitOptions, carry: Carry): Job {
  const since = nowMs();
  checkNetwork(net);
  const parts = net[PARTS];
  checkIdle(parts);
  const { plan: network, session } = parts;
  elementsOfNetwork(net); // refuses a disposed network
  const whole = isSet(data);
  const { options, callbacks } = readOwnOptions(given);
  options.classWeight = readClassWeight(options.classWeight, network);
  const plan = readFitOptions(options, network, !whole);
  const { validationData, signal } = options;
  if (network.loss.on && options.checkpoint !== undefined) {
    throw new ValueError('"checkpoint" does not go with a loss that is a function: no file can hold it');
  }
  if (validationData !== undefined && !isSet(validationData)) {
    refuseValue('validationData', '{ X, y }', validationData);
  }
  const set = whole
    ? { X: data.X, y: data.y, sampleWeight: options.sampleWeight ?? own(data, 'sampleWeight') }
    : undefined;
  if (set && (typeof set.X === 'function' || Symbol.asyncIterator in Object(set.X))) {
    throw new ValueError('"X" must hold all rows: to train on blocks of them, use train of bitgrad/train');
  }
  const room = new Resident(session, network.dtype);
  let choice: Choice = chooseWhere(options, undefined, network, plan);
  const roomFor = (rows?: number): Room => {
    if (rows !== undefined) choice = chooseWhere(options, rows, network, plan);
    return choice.worker ? new Arrays(network.dtype) : room;
  };
  try {
    const rows = set && readRows(parts, set, roomFor, '', plan.classWeight, plan.signedWeights);
    const blocks = set ? undefined : readBlocks(data, parts, options, plan);
    const validation =
      validationData &&
      readRows(parts, validationData, () => roomFor(), 'validationData.', undefined, plan.signedWeights);
    // Once more: an accessor among what was read may have begun a training of its own.
    checkIdle(parts);
    const parameters = elementsOfNetwork(net).slice();
    const checkpointOptions = readCheckpointOptions(options.checkpoint);
    parts.busy = true;
    return {
      net,
      parameters,
      plan,
      choice,
      createWorker: options.createWorker,
      rows,
      blocks,
      validation,
      room,
      carry,
      state: undefined,
      checkpointOptions,
      checkpoint: undefined,
      signal,
      onEpoch: merged(callbacks.map(({ onEpoch }) => onEpoch)),
      onBatch: merged(callbacks.map(({ onBatch }) => onBatch)),
      since,
    };
  } catch (error) {
    room.dispose();
    throw error;
  }
}

/** Lets go of all that a job holds. */
export function release({ net, room }: Job): void {
  room.dispose();
  net[PARTS].busy = false;
}
