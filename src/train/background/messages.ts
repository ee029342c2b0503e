// What a training and its worker say to each other: plain data.

import type { TypedArray } from '../../matrix/operand.js';
import type { NetworkOptions } from '../../network/plan.js';
import type { ReadSet } from '../dataset.js';
import type { Carry } from '../loop/drive.js';
import type { BatchReport, EpochReport, Ran } from '../loop/history.js';
import type { TrainerState } from '../loop/trainer.js';
import type { CheckpointPlan, FitPlan } from '../options.js';
import type { Failure } from './failures.js';

export interface StartMessage {
  readonly network: NetworkOptions;
  readonly parameters: TypedArray;
  readonly backend: 'wasm' | 'ts';
  readonly plan: FitPlan;
  readonly carry: Carry;
  readonly state: TrainerState | undefined;
  readonly checkpoint: CheckpointPlan | undefined;
  /** undefined: rows come in blocks. */
  readonly train: ReadSet | undefined;
  readonly validation: ReadSet | undefined;
  /** Whether the other side answers to reports of this kind. */
  readonly epochs: boolean;
  readonly batches: boolean;
  /** Its first element becomes 1 when a training that writes a checkpoint is to stop: it may finish writing. Where there is none it is ended. */
  readonly flag: Int32Array | undefined;
  /** How many threads there may be at most. */
  readonly threads: number;
  /** Its first element: how many it may have now, so that trainings at the same time share the cores. */
  readonly share: Int32Array | undefined;
}

export type ToWorker =
  | { type: 'start'; start: StartMessage }
  /** The next block; without rows the epoch ends. */
  | { type: 'block'; rows: ReadSet | undefined }
  | { type: 'answer'; go: boolean };

export interface Done {
  readonly type: 'done';
  readonly state: TrainerState;
  readonly ran: Omit<Ran, 'where'>;
  /** Bytes of linear memory that the worker holds. */
  readonly memory: number;
}

export type FromWorker =
  | { type: 'ready' }
  | { type: 'epoch'; report: EpochReport; parameters: TypedArray }
  | { type: 'batch'; report: BatchReport }
  /** Asks for the next block of an epoch. */
  | { type: 'more'; epoch: number }
  | Done
  | { type: 'failed'; failure: Failure; parameters: TypedArray | undefined };

/** The memory of all arrays in plain data, to be handed over with a message instead of copied: they must be its own. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return Object.values(value).flatMap(buffersOf);
}
