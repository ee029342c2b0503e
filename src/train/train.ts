// train: from a network, data and options to a History, here or in a worker.

import { ValueError, WorkerError } from '../checks/errors.js';
import type { Network } from '../network/network.js';
import { WorkerUnavailable } from './background/failures.js';
import type { TrainingData } from './blocks.js';
import { type OpenCheckpoint, openCheckpoint, readCheckpoint } from './checkpoint.js';
import { runHere } from './here.js';
import { type Job, merged, readJob, release } from './job.js';
import type { Carry } from './loop/drive.js';
import type { EpochReport, History, MeasuredOf, ValidatedOf, ValidationOf } from './loop/history.js';
import type { MetricName } from './loop/metrics.js';
import type { TrainerState } from './loop/trainer.js';
import { Abort, Aborted } from './loop/turns.js';
import type { FitOptions, TrainingSet, Validated } from './options.js';

type Result = TrainerState & { readonly history: History };

async function runWhereChosen(job: Job, abort: Abort): Promise<Result> {
  const { choice } = job;
  if (!choice.worker) return runHere(job, abort, choice.reason);
  try {
    const loaded = import('./background/background.js').catch((cause) => {
      throw new WorkerUnavailable('what starts workers does not load', { cause });
    });
    return await (await abort.race(loaded)).runInWorker(job, abort);
  } catch (error) {
    if (!(error instanceof WorkerUnavailable)) throw error;
    const { cause } = error;
    if (choice.insisted) throw new WorkerError('no worker can be started: use background: false', { cause });
    return runHere(job, abort, `no worker can be started: ${(cause as Error)?.message ?? cause}`);
  }
}

async function execute(job: Job): Promise<Result> {
  const { net, plan, rows, signal } = job;
  let abort: Abort | undefined;
  let open: OpenCheckpoint | undefined;
  try {
    abort = new Abort(signal);
    abort.check();
    if (job.checkpointOptions) {
      open = await openCheckpoint(job.checkpointOptions);
      job.checkpoint = open.plan;
      if (open.plan.resume) job.state = await readCheckpoint(open.plan, net, plan, rows?.rows);
    }
    return await runWhereChosen(job, abort);
  } catch (error) {
    throw error instanceof Aborted && signal?.reason !== undefined ? signal.reason : error;
  } finally {
    // The signal, which is the caller's, last: it may throw.
    release(job);
    await open?.release();
    abort?.end();
  }
}

/** What train does, for who wants all that it leaves. Everything is read before it returns. @internal */
export async function run(
  net: Network,
  data: TrainingData,
  options: FitOptions = {},
  carry: Carry = {},
): Promise<Result> {
  return execute(readJob(net, data, options, carry));
}

/** A training that has not begun: awaiting it runs it to its end, iterating runs it epoch by epoch. */
export class Training<Metric extends string = string>
  implements PromiseLike<History<Metric>>, AsyncIterable<EpochReport>
{
  readonly #read: () => Job;
  #job: Job | undefined;
  #history: Promise<History<Metric>> | undefined;

  /** Use `train`. */
  constructor(read: () => Job) {
    this.#read = read;
  }

  /** Reads all that was handed in now, not only when it is awaited or iterated over, which must follow. @internal */
  begin(): this {
    this.#job ??= this.#read();
    return this;
  }

  async #run(onEpoch?: (report: EpochReport) => unknown): Promise<History<Metric>> {
    this.begin();
    const job = this.#job as Job;
    if (onEpoch) job.onEpoch = merged([job.onEpoch, onEpoch]);
    const { history } = await execute(job);
    return history;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is meant to be awaited
  then<A = History<Metric>, B = never>(
    done?: ((history: History<Metric>) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#history ??= this.#run();
    return this.#history.then(done, failed);
  }

  catch<B = never>(failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<History<Metric> | B> {
    return this.then(null, failed);
  }

  finally(done?: (() => void) | null): Promise<History<Metric>> {
    return this.then().finally(done);
  }

  /**
   * One report for each epoch; training waits while its consumer works, and stops after `break`. Returns the History, which
   * awaiting the same training gives as well.
   *
   * @throws {ValueError} if it has begun already
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<EpochReport, History<Metric>, void> {
    if (this.#history) throw new ValueError('this training has begun already: call train again');
    let wake: () => void = () => {};
    let pending: { report: EpochReport; answer: (go: boolean) => void } | undefined;
    let over = false;
    const running = this.#run((report) => {
      return new Promise<boolean>((answer) => {
        pending = { report, answer };
        wake();
      });
    });
    this.#history = running;
    running.then(
      () => finished(),
      () => finished(),
    );
    function finished() {
      over = true;
      wake();
    }
    try {
      while (true) {
        if (!pending && !over) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (!pending) break;
        yield (pending as { report: EpochReport }).report;
        const { answer } = pending as { answer: (go: boolean) => void };
        pending = undefined;
        answer(true);
      }
    } finally {
      (pending as { answer: (go: boolean) => void } | undefined)?.answer(false);
      await running;
    }
    return running;
  }
}

/**
 * Trains a network: `await train(net, data, options)` gives the History; `for await (const epoch of train(...))` gives a
 * report after each epoch. It reads its arguments and begins when it is awaited or iterated over, not before. The network has
 * the parameters of the last finished epoch at any time.
 *
 * In Node, Deno, Bun and browsers it runs in a worker where that pays, with the same bits as `background: false`.
 *
 * @throws {ValueError|ShapeError|DtypeError} naming the option or argument; {NonFiniteError} at the batch where numbers
 * left the finite; {WorkerError} if the worker ends before its time; the signal's reason if it aborts
 * @example
 * const net = engine.network({ inputs: 2, layers: [{ units: 4, activation: 'tanh' }, 1] });
 * const history = await train(net, { X: [[0, 1], [1, 0]], y: [1, -1] }, { epochs: 5 });
 * history.loss.length; // 5
 */
export function train<M extends MetricName = never>(
  net: Network,
  data: TrainingSet,
  options: FitOptions<M> & Validated,
): Training<ValidatedOf<M>>;
export function train<M extends MetricName = never>(
  net: Network,
  data: TrainingSet,
  options?: FitOptions<M>,
): Training<MeasuredOf<M>>;
export function train<M extends MetricName = never>(
  net: Network,
  data: TrainingData,
  options?: FitOptions<M>,
): Training<ValidationOf<M>>;
export function train(net: Network, data: TrainingData, options: FitOptions = {}): Training {
  return new Training(() => readJob(net, data, options, {}));
}
