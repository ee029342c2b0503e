// A training on the main thread.

import { PARTS } from '../network/calls.js';
import { fallenBack } from './background/where.js';
import { saverOf } from './checkpoint.js';
import { type Dataset, placed, type ReadSet, Resident } from './dataset.js';
import type { Job } from './job.js';
import { drive } from './loop/drive.js';
import { type History, historyOf, threadsIn } from './loop/history.js';
import { Trainer, type TrainerState } from './loop/trainer.js';
import { type Abort, Turns } from './loop/turns.js';

/** @param reason why it is not in a worker, if nobody asked for that */
export async function runHere(
  job: Job,
  abort: Abort,
  reason: string | undefined,
): Promise<TrainerState & { history: History }> {
  const { net, plan, rows, blocks, validation, room, carry, state, choice, checkpoint, onEpoch, onBatch } = job;
  const { session, plan: network } = net[PARTS];
  const turns = new Turns(abort, job.since);
  // Reading may have taken long.
  if (turns.over) await turns.take();
  // What was read for a worker is not in linear memory yet.
  const inMemory = async (given: ReadSet | undefined): Promise<Dataset | undefined> =>
    given && choice.worker ? turns.run(placed(room, network, given)) : (given as Dataset | undefined);
  const set = await inMemory(rows);
  const trainer = new Trainer(net, job.parameters, plan, await inMemory(validation), false);
  try {
    const connections = {
      onEpoch,
      onBatch,
      abort,
      blocks: blocks && datasets,
      checkpoint: checkpoint && {
        everyEpochs: checkpoint.everyEpochs,
        save: saverOf(checkpoint, net.options, plan, rows?.rows),
      },
    };
    await drive(trainer, { set, carry, state }, connections, turns);
    const reasons = [reason, ...fallenBack(net[PARTS])].filter(Boolean).join('; ');
    const ran = {
      where: 'main' as const,
      backend: session.backend.name,
      ...threadsIn(session),
      ...(reasons && { reason: reasons }),
    };
    const last = await turns.run(trainer.read());
    return { ...last, history: historyOf(last.history, last.average, ran) };
  } finally {
    trainer.dispose();
  }

  async function* datasets(epoch: number): AsyncGenerator<Dataset, void> {
    let block = new Resident(session, network.dtype);
    try {
      for await (const set of (blocks as NonNullable<Job['blocks']>)(epoch, () => block)) {
        yield set as Dataset;
        block.dispose();
        block = new Resident(session, network.dtype);
      }
    } finally {
      block.dispose();
    }
  }
}
