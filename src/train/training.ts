// train: from a network, data and options to a History, here or in a worker.

import { BitgradError, describe, ShapeError, ValueError } from '../errors.js';
import { Network, PARTS } from '../network/network.js';
import type { Plan } from '../network/options.js';
import { random } from '../random.js';
import {
  type CheckpointPlan,
  type OpenCheckpoint,
  openCheckpoint,
  readCheckpoint,
  readCheckpointOptions,
  saverOf,
} from './checkpoint.js';
import { Dataset } from './dataset.js';
import { Aborted, type Carry, type Connections, drive, ready, WorkerFailure, WorkerUnavailable } from './drive.js';
import type { BatchReport, EpochReport, History } from './history.js';
import { type AbortSignalLike, type FitOptions, type FitPlan, readFitOptions, type TrainingSet } from './options.js';
import { checkClassWeight, type Rows, readRows } from './rows.js';
import { Trainer, type TrainerState } from './trainer.js';

/** A worker ended before its time; `cause` says why. The network has the last finished epoch's parameters. */
export class WorkerError extends BitgradError {
  override name = 'WorkerError';
}

/** Rows by blocks, for data larger than memory: each is read once in an epoch, in an order drawn anew. */
export interface BlockSource {
  /** How many there are. */
  readonly blocks: number;
  read(index: number): TrainingSet | Promise<TrainingSet>;
}

/**
 * What to train on: a set; or blocks of rows, which are shuffled within (and, of a BlockSource, among each other): as an
 * iterable that begins anew for every epoch, a function that returns one, or a BlockSource.
 */
export type TrainingData =
  | TrainingSet
  | BlockSource
  | AsyncIterable<TrainingSet>
  | ((epoch: number) => AsyncIterable<TrainingSet> | Iterable<TrainingSet>);

/** All that a run needs, checked. */
export interface Job {
  readonly net: Network;
  readonly plan: FitPlan;
  /** All rows, or blocks of them epoch by epoch. */
  readonly rows: Rows | undefined;
  readonly blocks: ((epoch: number) => AsyncIterable<Rows>) | undefined;
  readonly validation: Rows | undefined;
  readonly carry: Carry;
  readonly state: TrainerState | undefined;
  readonly checkpoint: CheckpointPlan | undefined;
  readonly signal: AbortSignalLike | undefined;
  readonly onEpoch: ((report: EpochReport) => unknown) | undefined;
  readonly onBatch: ((report: BatchReport) => unknown) | undefined;
}

function isSet(data: unknown): data is TrainingSet {
  return typeof data === 'object' && data !== null && 'X' in data && 'y' in data;
}

function checkPair(validationData: unknown): void {
  if (validationData === undefined || isSet(validationData)) return;
  throw new ValueError(`"validationData" must be { X, y }, got ${describe(validationData)}`);
}

/** Blocks of one epoch, checked one by one. */
function readBlocks(data: TrainingData, network: Plan, options: FitOptions, seed: number) {
  const source = data as BlockSource;
  const isSource = typeof source === 'object' && source !== null && typeof source.read === 'function';
  if (typeof data !== 'function' && !isSource && !(Symbol.asyncIterator in Object(data))) {
    throw new ValueError(
      `"data" must be { X, y }, an async iterable of those, or { blocks, read }, got ${describe(data)}`,
    );
  }
  for (const name of ['validationSplit', 'sampleWeight'] as const) {
    if (options[name] !== undefined) throw new ValueError(`"${name}" does not go with data in blocks`);
  }
  if (options.classWeight === 'balanced')
    throw new ValueError(`"classWeight" cannot be 'balanced' with data in blocks`);
  if ((options.optimizer as { name?: string })?.name === 'lbfgs' || options.optimizer === 'lbfgs') {
    throw new ValueError('"optimizer" lbfgs takes all rows at once: it does not go with data in blocks');
  }
  const classWeight = options.classWeight as readonly number[] | undefined;
  async function* sets(epoch: number): AsyncIterable<TrainingSet> {
    if (!isSource) {
      yield* typeof data === 'function' ? data(epoch) : (data as AsyncIterable<TrainingSet>);
      return;
    }
    // A stream of its own for each epoch, so that a resumed training meets the same order.
    const order = random((seed + epoch) % 2 ** 32).permutation(source.blocks);
    for (const index of options.shuffle === false ? order.sort() : order) yield await source.read(index);
  }
  return async function* (epoch: number): AsyncIterable<Rows> {
    let count = 0;
    for await (const set of sets(epoch)) {
      if (!isSet(set)) throw new ValueError(`"data" must yield { X, y }, got ${describe(set)}`);
      yield readRows(set, network, `blocks[${count}].`, classWeight);
      count++;
    }
    if (count === 0) {
      throw new ShapeError(
        `"data" yields no rows in epoch ${epoch + 1}` +
          (epoch > 0 ? ': a generator ends after one epoch, pass a function' : ''),
      );
    }
  };
}

function merged<R>(callbacks: (((report: R) => unknown) | undefined)[]): ((report: R) => unknown) | undefined {
  const given = callbacks.filter((each) => each !== undefined);
  if (given.length === 0) return undefined;
  return async (report) => {
    let go = true;
    for (const callback of given) if ((await callback(report)) === false) go = false;
    return go;
  };
}

/** @param opened is told of the checkpoint's path, which then is this training's until it is released */
async function prepare(
  net: Network,
  data: TrainingData,
  options: FitOptions,
  carry: Carry,
  opened: (checkpoint: OpenCheckpoint) => void,
): Promise<Job> {
  const { plan: network } = net[PARTS];
  net.parameters; // refuses a disposed network
  const plan = readFitOptions(options, network, !isSet(data));
  const { classWeight, validationData, callbacks = [], signal } = options;
  checkClassWeight(classWeight, network);
  checkPair(validationData);
  random(plan.seed); // refuses what is no seed
  if (isSet(data) && (typeof data.X === 'function' || Symbol.asyncIterator in Object(data.X))) {
    throw new ValueError('"X" must hold all rows: to train on blocks of them, use train of bitgrad/train');
  }
  const rows = isSet(data)
    ? readRows({ ...data, sampleWeight: options.sampleWeight ?? data.sampleWeight }, network, '', classWeight)
    : undefined;
  const given = readCheckpointOptions(options.checkpoint);
  const open = given && (await openCheckpoint(given));
  if (open) opened(open);
  const checkpoint = open?.plan;
  return {
    net,
    plan,
    rows,
    blocks: rows ? undefined : readBlocks(data, network, options, plan.seed),
    validation: validationData && readRows(validationData, network, 'validationData.'),
    carry,
    state: checkpoint?.resume ? await readCheckpoint(checkpoint, net, plan, rows?.rows) : undefined,
    checkpoint,
    signal,
    onEpoch: merged([options.onEpoch, ...callbacks.map(({ onEpoch }) => onEpoch)]),
    onBatch: merged([options.onBatch, ...callbacks.map(({ onBatch }) => onBatch)]),
  };
}

async function runHere(job: Job): Promise<TrainerState> {
  const { net, plan, rows, blocks, checkpoint, signal, onEpoch, onBatch } = job;
  const { session, plan: network } = net[PARTS];
  const sets: Dataset[] = [];
  const own = (given: Rows | undefined) => {
    const set = given && Dataset.of(session, network, given);
    if (set) sets.push(set);
    return set;
  };
  let trainer: Trainer | undefined;
  try {
    const set = own(rows);
    trainer = new Trainer(net, plan, own(job.validation));
    ready(trainer, set, job.carry, job.state);
    const connections: Connections = {
      onEpoch,
      onBatch,
      aborted: signal && (() => signal.aborted),
      checkpoint: checkpoint && {
        everyEpochs: checkpoint.everyEpochs,
        save: saverOf(checkpoint, net.options, plan, rows?.rows),
      },
      blocks: blocks && datasets(blocks),
    };
    await drive(trainer, connections);
    return trainer.state;
  } finally {
    trainer?.dispose();
    for (const set of sets) set.dispose();
  }

  function datasets(source: NonNullable<Job['blocks']>) {
    return async function* (epoch: number) {
      for await (const block of source(epoch)) yield Dataset.of(session, network, block);
    };
  }
}

/** Networks that are being trained: two trainings of one would each undo what the other does. */
const busy = new WeakSet<Network>();

/** @internal */
export async function run(
  net: Network,
  data: TrainingData,
  options: FitOptions = {},
  carry: Carry = {},
): Promise<TrainerState> {
  const { signal, background } = options;
  if (!(net instanceof Network)) throw new ValueError(`"net" must be a Network, got ${describe(net)}`);
  if (busy.has(net)) throw new ValueError('this network is being trained: await that first');
  busy.add(net);
  let held: OpenCheckpoint | undefined;
  try {
    const job = await prepare(net, data, options, carry, (checkpoint) => {
      held = checkpoint;
    });
    signal?.throwIfAborted();
    if (background === false) return await runHere(job);
    try {
      const { runInWorker } = await import('./background.js');
      return await runInWorker(job);
    } catch (error) {
      if (!(error instanceof WorkerUnavailable)) throw error;
      if (background) throw new WorkerError('no worker can be started: use background: false', { cause: error.cause });
      return await runHere(job);
    }
  } catch (error) {
    if (error instanceof WorkerFailure) throw new WorkerError(error.message, { cause: error.cause });
    throw error instanceof Aborted ? (signal?.reason ?? error) : error;
  } finally {
    busy.delete(net);
    await held?.release();
  }
}

/** A training that has not begun: awaiting it runs it to its end, iterating runs it epoch by epoch. */
export class Training implements PromiseLike<History>, AsyncIterable<EpochReport> {
  readonly #start: (onEpoch?: (report: EpochReport) => unknown) => Promise<History>;
  #started: Promise<History> | undefined;

  /** Use `train`. */
  constructor(start: (onEpoch?: (report: EpochReport) => unknown) => Promise<History>) {
    this.#start = start;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is meant to be awaited
  then<A = History, B = never>(
    done?: ((history: History) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#started ??= this.#start();
    return this.#started.then(done, failed);
  }

  catch<B = never>(failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<History | B> {
    return this.then(null, failed);
  }

  finally(done?: (() => void) | null): Promise<History> {
    return this.then().finally(done);
  }

  /** One report for each epoch; training waits while its consumer works, and stops after `break`. Returns the History. */
  async *[Symbol.asyncIterator](): AsyncGenerator<EpochReport, History, void> {
    if (this.#started) throw new ValueError('this training has begun already: call train again');
    let wake: () => void = () => {};
    let pending: { report: EpochReport; answer: (go: boolean) => void } | undefined;
    let over = false;
    const running = this.#start((report) => {
      return new Promise<boolean>((answer) => {
        pending = { report, answer };
        wake();
      });
    });
    this.#started = running;
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
 * report after each epoch. It begins when it is awaited or iterated over, not before. The network has the parameters of the last finished epoch at any time.
 *
 * In Node, Deno, Bun and browsers it runs in a worker, with the same bits as `background: false`.
 *
 * @throws {ValueError|ShapeError|DtypeError} naming the option or argument; {NonFiniteError} at the batch where numbers
 * left the finite; {WorkerError} if the worker ends before its time; the signal's reason if it aborts
 * @example
 * const net = engine.network({ inputs: 2, layers: [{ units: 4, activation: 'tanh' }, 1] });
 * const history = await train(net, { X: [[0, 1], [1, 0]], y: [1, -1] }, { epochs: 5 });
 * history.loss.length; // 5
 */
export function train(net: Network, data: TrainingData, options: FitOptions = {}): Training {
  return new Training(async (onEpoch) => {
    const callbacks = onEpoch ? [...(options.callbacks ?? []), { onEpoch }] : options.callbacks;
    const { history } = await run(net, data, callbacks ? { ...options, callbacks } : options);
    return history;
  });
}
