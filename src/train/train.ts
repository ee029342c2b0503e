// train: from a network, data and options to a History, here or in a worker.

import { WorkerError } from '../checks/errors.js';
import { elementsOfNetwork, type Network } from '../network/network.js';
import { WorkerUnavailable } from './background/failures.js';
import type { TrainingData } from './blocks.js';
import { type OpenCheckpoint, openCheckpoint, readCheckpoint } from './checkpoint.js';
import { runHere } from './here.js';
import { type Job, merged, readJob, release } from './job.js';
import type { Carry } from './loop/drive.js';
import type { EpochReport, History, MeasuredOf, ValidatedOf, ValidationOf } from './loop/history.js';
import type { MetricName } from './loop/metrics.js';
import { Reporting } from './loop/reporting.js';
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
    let last: Result;
    try {
      abort.check();
      if (job.checkpointOptions) {
        open = await openCheckpoint(job.checkpointOptions);
        job.checkpoint = open.plan;
        if (open.plan.resume) job.state = await readCheckpoint(open.plan, net, plan, rows?.rows);
      }
      last = await runWhereChosen(job, abort);
    } finally {
      await open?.release();
    }
    // Nobody has a turn between this and the end of the training: nothing else is left in the network.
    elementsOfNetwork(net).set(last.parameters);
    return last;
  } catch (error) {
    throw error instanceof Aborted && signal?.reason !== undefined ? signal.reason : error;
  } finally {
    // The signal, which is the caller's, last: it may throw.
    release(job);
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
export class Training<Metric extends string = string> extends Reporting<EpochReport, History<Metric>> {
  readonly #read: () => Job;
  #job: Job | undefined;

  /** Use `train`. */
  constructor(read: () => Job) {
    super('this training has begun already: call train again');
    this.#read = read;
  }

  /** Reads all that was handed in now, not only when it is awaited or iterated over, which must follow. @internal */
  begin(): this {
    this.#job ??= this.#read();
    return this;
  }

  protected override async run(onEpoch?: (report: EpochReport) => unknown): Promise<History<Metric>> {
    this.begin();
    const job = this.#job as Job;
    if (onEpoch) job.onEpoch = merged([job.onEpoch, onEpoch]);
    const { history } = await execute(job);
    return history;
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
