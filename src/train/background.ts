// A training in a worker: sends it network and rows, relays its reports, and keeps the network up to date.

import {
  BackendUnavailableError,
  DisposedError,
  DtypeError,
  NonFiniteError,
  OutOfMemoryError,
  ShapeError,
  ValueError,
} from '../errors.js';
import { FileFormatError, FileLockedError } from '../files/errors.js';
import { PARTS } from '../network/network.js';
import type { TypedArray } from '../operand.js';
import { Aborted, WorkerFailure, WorkerUnavailable } from './drive.js';
import { type HostWorker, startWorker } from './host.js';
import { buffersOf, type FromWorker, type RowsMessage, type SetSize, type ToWorker } from './messages.js';
import { type Column, dataOf, type Rows } from './rows.js';
import type { TrainerState } from './trainer.js';
import type { Job } from './training.js';

/** Rows are sent in parts of so many bytes, so that no copy holds up the event loop. */
const PART_BYTES = 1 << 20;

const sizeOf = (rows: Rows | undefined): SetSize | undefined =>
  rows && { rows: rows.rows, weighted: rows.w !== undefined };

const CLASSES = {
  BackendUnavailableError,
  DisposedError,
  DtypeError,
  FileFormatError,
  FileLockedError,
  NonFiniteError,
  OutOfMemoryError,
  ShapeError,
  ValueError,
};

/** Errors keep their class, where it is one of this package's. */
function revive({ name, message, stack }: { name: string; message: string; stack: string | undefined }): Error {
  const error = new (Object.hasOwn(CLASSES, name) ? CLASSES[name as keyof typeof CLASSES] : Error)(message);
  if (stack) error.stack = stack;
  return error;
}

class Background {
  readonly #job: Job;
  readonly #worker: HostWorker;
  readonly #flag: Int32Array | undefined;
  #blocks: { epoch: number; iterator: AsyncIterator<Rows> } | undefined;

  constructor(job: Job, worker: HostWorker) {
    this.#job = job;
    this.#worker = worker;
    this.#flag = typeof SharedArrayBuffer === 'undefined' ? undefined : new Int32Array(new SharedArrayBuffer(4));
  }

  #post(message: ToWorker, transfer?: ArrayBuffer[]): void {
    this.#worker.mailbox.post(message, transfer);
  }

  /** Tells the worker to stop within one batch. */
  abort(): void {
    if (this.#flag) Atomics.store(this.#flag, 0, 1);
    else this.#worker.mailbox.fail(new Aborted('training was aborted'));
  }

  async run(): Promise<TrainerState> {
    const { net, plan, carry, state, checkpoint, rows, validation, onEpoch, onBatch } = this.#job;
    this.#post({
      type: 'start',
      start: {
        network: net.options,
        parameters: net.parameters.slice(),
        backend: net[PARTS].session.backend.name,
        plan,
        carry,
        state,
        checkpoint,
        train: sizeOf(rows),
        validation: sizeOf(validation),
        epochs: onEpoch !== undefined,
        batches: onBatch !== undefined,
        flag: this.#flag,
      },
    });
    if (rows) await this.#send(rows);
    if (validation) await this.#send(validation);
    while (true) {
      const message = await this.#worker.mailbox.next<FromWorker>();
      if (message.type === 'done') {
        net.parameters = message.parameters;
        return message.state;
      }
      await this.#answer(message);
    }
  }

  async #answer(message: FromWorker): Promise<void> {
    const { net, onEpoch, onBatch } = this.#job;
    if (message.type === 'epoch') {
      net.parameters = message.parameters;
      if (onEpoch) this.#post({ type: 'answer', go: (await onEpoch(message.report)) !== false });
    } else if (message.type === 'batch') {
      this.#post({ type: 'answer', go: (await onBatch?.(message.report)) !== false });
    } else if (message.type === 'more') {
      await this.#next(message.epoch);
    } else if (message.type === 'failed') {
      if (message.parameters) net.parameters = message.parameters;
      throw message.name === 'Aborted' ? new Aborted(message.message) : revive(message);
    }
  }

  async #next(epoch: number): Promise<void> {
    const { blocks } = this.#job;
    if (this.#blocks?.epoch !== epoch) {
      await this.#blocks?.iterator.return?.();
      const iterable = (blocks as NonNullable<Job['blocks']>)(epoch);
      this.#blocks = { epoch, iterator: iterable[Symbol.asyncIterator]() };
    }
    const { done, value } = await this.#blocks.iterator.next();
    this.#post({ type: 'block', size: done ? undefined : sizeOf(value) });
    if (!done) await this.#send(value);
  }

  /** Copies a set to the worker, part by part, in arrays that go to and fro. */
  async #send({ rows, X, y, w }: Rows): Promise<void> {
    const width = (column: Column | undefined) => (column ? dataOf(column).byteLength / rows : 0);
    const step = Math.min(rows, Math.max(1, Math.floor(PART_BYTES / (width(X) + width(y) + width(w)))));
    const room = (column: Column) => dataOf(column).slice(0, (step * dataOf(column).length) / rows);
    const fill = (part: TypedArray, column: Column, from: number) => {
      const at = (from * part.length) / step;
      const data = dataOf(column);
      part.set(data.subarray(at, Math.min(data.length, at + part.length)));
    };
    let message: RowsMessage = { from: 0, count: 0, X: room(X), y: room(y), w: w && room(w) };
    for (let from = 0; from < rows; from += step) {
      fill(message.X, X, from);
      fill(message.y, y, from);
      if (message.w) fill(message.w, w as Column, from);
      message = { ...message, from, count: Math.min(step, rows - from) };
      this.#post({ type: 'rows', rows: message }, buffersOf(message));
      const reply = await this.#worker.mailbox.next<FromWorker>();
      if (reply.type !== 'taken') return this.#answer(reply);
      message = reply.rows;
    }
  }

  async end(): Promise<void> {
    await this.#blocks?.iterator.return?.();
    await this.#worker.terminate();
  }
}

/** @throws {WorkerUnavailable} if there is no worker to be had; {Aborted}; what the worker threw */
export async function runInWorker(job: Job): Promise<TrainerState> {
  let worker: HostWorker | undefined;
  let failure: unknown;
  const failed = (cause: unknown) => {
    failure ??= cause;
    worker?.mailbox.fail(failure);
  };
  try {
    worker = await startWorker(new URL('./worker.js', import.meta.url), failed);
    if (failure) worker.mailbox.fail(failure);
    await worker.mailbox.next<FromWorker>(); // 'ready'
  } catch (cause) {
    await worker?.terminate();
    throw new WorkerUnavailable('no worker can be started', { cause });
  }
  const background = new Background(job, worker);
  const abort = () => background.abort();
  job.signal?.addEventListener('abort', abort);
  if (job.signal?.aborted) abort();
  try {
    return await background.run();
  } catch (error) {
    if (failure !== undefined && error === failure)
      throw new WorkerFailure('the worker ended before its time', { cause: error });
    throw error;
  } finally {
    job.signal?.removeEventListener('abort', abort);
    failure ??= new Error('ended');
    await background.end();
  }
}
