// Runs a trainer to its end, with pauses in which the host's event loop gets its turn.

import { own } from '../../checks/read-options.js';
import { nowMs } from '../../host/runtime.js';
import type { RandomStateJSON } from '../../random/random.js';
import type { Dataset } from '../dataset.js';
import type { StepState } from '../optimizers/forms.js';
import type { BatchReport, EpochReport } from './history.js';
import type { Trainer, TrainerState } from './trainer.js';
import type { Abort, Turns } from './turns.js';

/** What a training is connected to. */
export interface Connections {
  /** Awaited; false ends training after this epoch. */
  onEpoch?: (report: EpochReport) => unknown;
  onBatch?: (report: BatchReport) => unknown;
  /** Asked after every batch, and whenever others had their turn; ends all waiting. */
  abort: Abort;
  /** Blocks of rows of one epoch, for data that are not all in memory; each is there until the next is asked for. */
  blocks?: (epoch: number) => AsyncIterator<Dataset>;
  /** Keeps the state, every so many epochs and at the end. */
  checkpoint?: { everyEpochs: number; save: (state: TrainerState) => Promise<void> };
}

/** What an earlier training leaves to the next one. */
export interface Carry {
  readonly random?: RandomStateJSON;
  readonly optimizer?: StepState;
  readonly samplesSeen?: number;
}

/** What a trainer begins with. */
export interface Beginning {
  /** Its rows, unless they come in blocks. */
  readonly set: Dataset | undefined;
  readonly carry: Carry;
  /** Where it was at the end of an epoch, to go on from there. */
  readonly state: TrainerState | undefined;
}

/**
 * @throws {Aborted} with the last finished epoch's parameters in place; {NonFiniteError}
 */
export async function drive(
  trainer: Trainer,
  { set, carry, state }: Beginning,
  connections: Connections,
  turns: Turns,
): Promise<void> {
  const { onEpoch, onBatch, abort, blocks, checkpoint } = connections;

  const batches = async (): Promise<void> => {
    const count = trainer.batches;
    while (trainer.batch < count) {
      const whole = trainer.step();
      if (whole && onBatch) {
        const { epoch, batch, loss, rate } = trainer;
        const report = { epoch: epoch + 1, batch, batches: blocks ? undefined : count, loss, learningRate: rate };
        if ((await abort.race(onBatch(report))) === false) trainer.stop();
      }
      if (turns.over) await turns.take();
      else if (whole) abort.check();
    }
  };

  const allBlocks = async (iterator: AsyncIterator<Dataset>): Promise<void> => {
    try {
      while (true) {
        const { done, value } = await abort.race(iterator.next());
        if (done) return;
        await turns.run(trainer.block(value));
        await batches();
      }
    } catch (error) {
      // It may never settle, and what it says of its own end matters less than this.
      iterator.return?.().then(undefined, () => {});
      throw error;
    }
  };

  abort.check();
  const random = own(carry, 'random');
  if (random) trainer.random.state = random;
  await turns.run(trainer.prepare());
  if (set) await turns.run(trainer.begin(set));
  trainer.carry(carry);
  if (state) trainer.state = state;
  while (!trainer.done) {
    const start = nowMs();
    await turns.run(trainer.beginEpoch());
    if (blocks) await allBlocks(blocks(trainer.epoch));
    else await batches();
    const report = await turns.run(trainer.endEpoch((nowMs() - start) / 1000));
    if (onEpoch && (await abort.race(onEpoch(report))) === false) trainer.stop();
    abort.check();
    if (checkpoint && (trainer.done || trainer.epoch % checkpoint.everyEpochs === 0)) {
      await checkpoint.save(await turns.run(trainer.read()));
      abort.check();
    }
  }
  trainer.finish();
}
