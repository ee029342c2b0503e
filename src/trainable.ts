// A network that trains: fit and train, which load what training needs.

import type { Session } from './matrix/marshal.js';
import type { Dtype, RowsInput } from './matrix/operand.js';
import { snapshot } from './matrix/snapshot.js';
import { type Blank, checkIdle, PARTS, type Targets } from './network/calls.js';
import { Network } from './network/network.js';
import type { NetworkOptions } from './network/plan.js';
import type { EpochReport, History, MeasuredOf, ValidatedOf } from './train/loop/history.js';
import type { MetricName } from './train/loop/metrics.js';
import type { FitOptions, Validated } from './train/options.js';
import type { Training } from './train/train.js';

type Trainer = Pick<typeof import('./train/train.js'), 'train'>;

/**
 * Loads what trains. Each entry has its own `import()`: bundlers that split keep what is loaded by a file of which anything is
 * used, and what that shares with the rest, networks for one. Of an entry nothing is, for who imports a function.
 */
export type LoadTrainer = () => Promise<Trainer>;

/** What trains, once a first training has loaded it, or `bitgrad/train` was imported. */
let trainer: Trainer | undefined;

export function trainWith(given: Trainer): void {
  trainer = given;
}

/** A dense network that can be trained: what `engine.network` returns. */
export class TrainableNetwork<D extends Dtype = Dtype> extends Network<D> {
  readonly #load: LoadTrainer;

  constructor(load: LoadTrainer, session: Session, options: NetworkOptions<D>, dtype: Dtype, blank?: Blank) {
    super(session, options, dtype, blank);
    this.#load = load;
  }

  /**
   * Trains on rows X with targets y: `train(this, { X, y }, options)` of `bitgrad/train`, begun at once. All arguments are read
   * before it returns: what becomes of them afterwards changes nothing.
   *
   * @example
   * const net = network({ inputs: 2, layers: [1] });
   * await net.fit([[1, 2], [3, 4]], [0, 1], { epochs: 10, batchSize: 1 });
   */
  fit<M extends MetricName = never>(
    X: RowsInput,
    y: Targets,
    options: FitOptions<M> & Validated,
  ): Promise<History<ValidatedOf<M>>>;
  fit<M extends MetricName = never>(X: RowsInput, y: Targets, options?: FitOptions<M>): Promise<History<MeasuredOf<M>>>;
  async fit(X: RowsInput, y: Targets, options?: FitOptions): Promise<History> {
    return (await this.#begin(X, y, options))[0];
  }

  /**
   * The same, epoch by epoch: `for await (const epoch of net.train(X, y, options))`. It reads its arguments and begins with that,
   * or when awaited.
   */
  train<M extends MetricName = never>(
    X: RowsInput,
    y: Targets,
    options: FitOptions<M> & Validated,
  ): PromiseLike<History<ValidatedOf<M>>> & AsyncIterable<EpochReport>;
  train<M extends MetricName = never>(
    X: RowsInput,
    y: Targets,
    options?: FitOptions<M>,
  ): PromiseLike<History<MeasuredOf<M>>> & AsyncIterable<EpochReport>;
  train(X: RowsInput, y: Targets, options?: FitOptions): PromiseLike<History> & AsyncIterable<EpochReport> {
    let begun: Promise<[Training]> | undefined;
    const begin = () => {
      begun ??= this.#begin(X, y, options);
      return begun;
    };
    return {
      // biome-ignore lint/suspicious/noThenProperty: it may be awaited, as what train of bitgrad/train returns
      then: (done, failed) =>
        begin()
          .then(([training]) => training)
          .then(done, failed),
      async *[Symbol.asyncIterator]() {
        yield* (await begin())[0];
      },
    };
  }

  /** A training that has read its arguments; in an array, for what can be awaited is awaited by every promise. */
  async #begin(X: RowsInput, y: Targets, options?: FitOptions): Promise<[Training]> {
    let given: [{ X: RowsInput; y: Targets }, FitOptions?] = [{ X, y }, options];
    if (!trainer) {
      const parts = this[PARTS];
      checkIdle(parts);
      given = snapshot(given);
      parts.busy = true;
      try {
        trainer = await this.#load();
      } finally {
        parts.busy = false;
      }
    }
    return [trainer.train(this, ...given).begin()];
  }
}
