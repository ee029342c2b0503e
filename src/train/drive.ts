// Runs a trainer to its end, with pauses in which the host's event loop gets its turn.

import type { RandomStateJSON } from '../random.js';
import type { Dataset } from './dataset.js';
import type { BatchReport, EpochReport } from './history.js';
import { pause } from './host.js';
import type { OptimizerState } from './optimizers.js';
import type { Trainer, TrainerState } from './trainer.js';

/** Batches run for so long before others get their turn. */
const SLICE_MS = 8;

/** What a training is connected to. */
export interface Connections {
  /** Awaited; false ends training after this epoch. */
  onEpoch?: (report: EpochReport) => unknown;
  onBatch?: (report: BatchReport) => unknown;
  /** Asked after every batch. */
  aborted?: () => boolean;
  /** Blocks of rows of one epoch, for data that are not all in memory; each is disposed of after use. */
  blocks?: (epoch: number) => AsyncIterable<Dataset>;
  /** Keeps the state, every so many epochs and at the end. */
  checkpoint?: { everyEpochs: number; save: (state: TrainerState) => Promise<void> };
}

/** What an earlier training leaves to the next one. */
export interface Carry {
  readonly random?: RandomStateJSON;
  readonly optimizer?: OptimizerState;
  readonly samplesSeen?: number;
}

/** Gives a trainer its rows, unless they come in blocks, and what came before. */
export function ready(trainer: Trainer, set: Dataset | undefined, carry: Carry, state: TrainerState | undefined): void {
  if (carry.random) trainer.random.state = carry.random;
  if (set) trainer.begin(set);
  trainer.carry(carry);
  if (state) trainer.state = state;
}

/** Training was told to stop. */
export class Aborted extends Error {
  override name = 'Aborted';
}

/** No worker could be started. */
export class WorkerUnavailable extends Error {}

/** The worker ended before its time. */
export class WorkerFailure extends Error {}

/** @throws {Aborted} with the last finished epoch's parameters in place; {NonFiniteError} */
export async function drive(trainer: Trainer, connections: Connections): Promise<void> {
  const { onEpoch, onBatch, aborted, blocks, checkpoint } = connections;
  let deadline = performance.now() + SLICE_MS;

  const check = () => {
    if (!aborted?.()) return;
    trainer.rollback();
    throw new Aborted('training was aborted');
  };

  const batches = async (): Promise<void> => {
    const count = trainer.batches;
    while (trainer.batch < count) {
      trainer.step();
      if (onBatch) {
        const { epoch, batch, loss, rate } = trainer;
        const report = { epoch: epoch + 1, batch, batches: blocks ? undefined : count, loss, learningRate: rate };
        if ((await onBatch(report)) === false) trainer.stop();
      }
      check();
      if (performance.now() < deadline) continue;
      await pause();
      check();
      deadline = performance.now() + SLICE_MS;
    }
  };

  check();
  while (!trainer.done) {
    const start = performance.now();
    trainer.beginEpoch();
    if (!blocks) await batches();
    else {
      for await (const block of blocks(trainer.epoch)) {
        trainer.block(block);
        try {
          await batches();
        } finally {
          block.dispose();
        }
      }
    }
    const report = trainer.endEpoch((performance.now() - start) / 1000);
    if (onEpoch && (await onEpoch(report)) === false) trainer.stop();
    if (checkpoint && (trainer.done || trainer.epoch % checkpoint.everyEpochs === 0)) {
      await checkpoint.save(trainer.state);
    }
    check();
  }
  trainer.finish();
}
