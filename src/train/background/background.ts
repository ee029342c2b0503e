// A training in a worker: hands it network and rows, relays its reports, and keeps the network up to date.

import { WorkerError } from '../../checks/errors.js';
import { type HostWorker, sharedNumber } from '../../host/workers.js';
import type { TypedArray } from '../../matrix/operand.js';
import { PARTS } from '../../network/calls.js';
import { Arrays, type ReadSet } from '../dataset.js';
import type { Job } from '../job.js';
import { type History, historyOf } from '../loop/history.js';
import type { TrainerState } from '../loop/trainer.js';
import { type Abort, Aborted } from '../loop/turns.js';
import { reviveError } from './failures.js';
import { buffersOf, type Done, type FromWorker, type ToWorker } from './messages.js';
import { cores, giveBack, shareOf, takeWorker, whileAway } from './pool.js';
import { fallenBack } from './where.js';

/** A training that was aborted may finish the checkpoint that it is writing, for so long. */
const GRACE_MS = 150;

class Background {
  readonly #job: Job;
  readonly #worker: HostWorker;
  readonly #abort: Abort;
  readonly #flag: Int32Array | undefined;
  #blocks: { epoch: number; iterator: AsyncIterator<ReadSet> } | undefined;

  constructor(job: Job, worker: HostWorker, abort: Abort) {
    this.#job = job;
    this.#worker = worker;
    this.#abort = abort;
    this.#flag = job.checkpoint && sharedNumber();
  }

  #post(message: ToWorker, transfer?: ArrayBuffer[]): void {
    this.#worker.mailbox.post(message, transfer);
  }

  #next(): Promise<FromWorker> {
    return this.#abort.race(this.#worker.mailbox.next<FromWorker>());
  }

  async run(): Promise<Done> {
    const { net, parameters, plan, carry, state, checkpoint, rows, validation, onEpoch, onBatch } = this.#job;
    const threads = Math.min(net[PARTS].session.threads?.count ?? 1, await cores());
    const start = {
      network: net.options,
      parameters,
      backend: net[PARTS].session.backend.name,
      plan,
      carry,
      state,
      checkpoint,
      train: rows,
      validation,
      epochs: onEpoch !== undefined,
      batches: onBatch !== undefined,
      flag: this.#flag,
      threads,
      share: threads > 1 ? shareOf(this.#worker) : undefined,
    };
    // The rows are this training's own copies: none is made for the message.
    this.#post({ type: 'start', start }, buffersOf([rows, validation]));
    this.#job.rows = undefined;
    this.#job.validation = undefined;
    while (true) {
      const message = await this.#next();
      if (message.type === 'done') return message;
      await this.#answer(message);
    }
  }

  #publish(parameters: TypedArray): void {
    const { session, plan, block } = this.#job.net[PARTS];
    session.elementsAt(block.address, plan.dtype, plan.size).set(parameters);
  }

  /** What comes of the caller's own code: while that takes its time, the worker keeps no process alive. */
  async #away<T>(work: T | PromiseLike<T>): Promise<T> {
    if (typeof (work as PromiseLike<T> | undefined)?.then !== 'function') return work;
    this.#worker.keepAlive(false);
    try {
      return await whileAway(this.#worker, this.#abort, work as PromiseLike<T>);
    } finally {
      this.#worker.keepAlive(true);
    }
  }

  async #answer(message: FromWorker): Promise<void> {
    const { onEpoch, onBatch } = this.#job;
    if (message.type === 'epoch') {
      this.#publish(message.parameters);
      if (onEpoch) this.#post({ type: 'answer', go: (await this.#away(onEpoch(message.report))) !== false });
    } else if (message.type === 'batch') {
      this.#post({ type: 'answer', go: (await this.#away(onBatch?.(message.report))) !== false });
    } else if (message.type === 'more') {
      await this.#nextBlock(message.epoch);
    } else if (message.type === 'failed') {
      if (message.parameters) this.#publish(message.parameters);
      throw reviveError(message.failure);
    }
  }

  async #nextBlock(epoch: number): Promise<void> {
    if (this.#blocks?.epoch !== epoch) {
      const { blocks, net } = this.#job;
      const room = new Arrays(net.dtype);
      const iterator = (blocks as NonNullable<Job['blocks']>)(epoch, () => room);
      this.#blocks = { epoch, iterator };
    }
    const { done, value } = await this.#away(this.#blocks.iterator.next());
    const rows = done ? undefined : value;
    this.#post({ type: 'block', rows }, buffersOf(rows));
  }

  /** Ends a training that was aborted: at once, or when it has written its checkpoint. */
  async stop(): Promise<void> {
    if (!this.#flag) return;
    Atomics.store(this.#flag, 0, 1);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GRACE_MS);
    });
    const over = async () => {
      let type = '';
      // An answer that it waits for.
      this.#post({ type: 'answer', go: false });
      while (type !== 'failed' && type !== 'done') ({ type } = await this.#worker.mailbox.next<FromWorker>());
    };
    await Promise.race([late, over().catch(() => {})]);
    clearTimeout(timer);
  }

  /** Lets go of the caller's source; what that says of its own end matters to nobody here. */
  letGo(): void {
    this.#blocks?.iterator.return?.().then(undefined, () => {});
  }
}

/** @throws {WorkerUnavailable} if there is no worker to be had; {WorkerError} if it ended; {Aborted}; what the worker threw */
export async function runInWorker(job: Job, abort: Abort): Promise<TrainerState & { history: History }> {
  const worker = await takeWorker(abort, job.createWorker);
  const background = new Background(job, worker, abort);
  let memory: number | undefined;
  try {
    const done = await background.run();
    memory = done.memory;
    // In TypeScript where this side has nothing else: the worker was not asked for more.
    const reason = done.ran.reason ?? fallenBack(job.net[PARTS]).join('; ');
    const ran = { where: 'worker' as const, ...done.ran, ...(reason && { reason }) };
    const { state } = done;
    return { ...state, history: historyOf(state.history, state.average, ran) };
  } catch (error) {
    if (error instanceof Aborted) await background.stop();
    if (worker.failure === undefined || error !== worker.failure) throw error;
    throw new WorkerError('the worker ended before its time', { cause: error });
  } finally {
    background.letGo();
    giveBack(worker, memory);
  }
}
