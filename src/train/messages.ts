// What a training and its worker say to each other: plain data.

import type { NetworkOptions } from '../network/options.js';
import type { TypedArray } from '../operand.js';
import type { CheckpointPlan } from './checkpoint.js';
import type { Carry } from './drive.js';
import type { BatchReport, EpochReport } from './history.js';
import type { FitPlan } from './options.js';
import type { TrainerState } from './trainer.js';

/** The size of a set that is to come. */
export interface SetSize {
  readonly rows: number;
  readonly weighted: boolean;
}

export interface StartMessage {
  readonly network: NetworkOptions;
  readonly parameters: TypedArray;
  readonly backend: 'wasm' | 'ts';
  readonly plan: FitPlan;
  readonly carry: Carry;
  readonly state: TrainerState | undefined;
  readonly checkpoint: CheckpointPlan | undefined;
  /** undefined: rows come in blocks. */
  readonly train: SetSize | undefined;
  readonly validation: SetSize | undefined;
  /** Whether the other side answers to reports of this kind. */
  readonly epochs: boolean;
  readonly batches: boolean;
  /** Its first element becomes 1 when training is to stop; undefined where memory cannot be shared. */
  readonly flag: Int32Array | undefined;
}

/** Some rows of a set: the first `count` of these arrays', to be written from row `from` on. They are sent back for reuse. */
export interface RowsMessage {
  readonly from: number;
  readonly count: number;
  readonly X: TypedArray;
  readonly y: TypedArray;
  readonly w: TypedArray | undefined;
}

/** What is handed over with the message, not copied. */
export function buffersOf({ X, y, w }: RowsMessage): ArrayBuffer[] {
  return [X, y, w].flatMap((each) => (each ? [each.buffer as ArrayBuffer] : []));
}

export type ToWorker =
  | { type: 'start'; start: StartMessage }
  | { type: 'rows'; rows: RowsMessage }
  /** The next block's size, its rows following; without a size the epoch ends. */
  | { type: 'block'; size: SetSize | undefined }
  | { type: 'answer'; go: boolean }
  | { type: 'error'; message: string };

export type FromWorker =
  | { type: 'ready' }
  | { type: 'taken'; rows: RowsMessage }
  | { type: 'epoch'; report: EpochReport; parameters: TypedArray }
  | { type: 'batch'; report: BatchReport }
  /** Asks for the next block of an epoch. */
  | { type: 'more'; epoch: number }
  | { type: 'done'; state: TrainerState; parameters: TypedArray }
  | { type: 'failed'; name: string; message: string; stack: string | undefined; parameters: TypedArray | undefined };
