// Work that reports as it goes.

import { ValueError } from '../../checks/errors.js';

/** Work that has not begun: awaiting it runs it to its end, iterating over it runs it from report to report. */
export abstract class Reporting<Report, Result> implements PromiseLike<Result>, AsyncIterable<Report> {
  #result: Promise<Result> | undefined;
  readonly #begun: string;

  /** @param begun what to say to who begins it twice @internal */
  protected constructor(begun: string) {
    this.#begun = begun;
  }

  /** Does the work. @param onReport called in turn; the work waits for its answer, and stops at false */
  protected abstract run(onReport?: (report: Report) => unknown): Promise<Result>;

  // biome-ignore lint/suspicious/noThenProperty: it is meant to be awaited
  then<A = Result, B = never>(
    done?: ((result: Result) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#result ??= this.run();
    return this.#result.then(done, failed);
  }

  /** As of a promise. */
  catch<B = never>(failed?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Result | B> {
    return this.then(null, failed);
  }

  /** As of a promise. */
  finally(done?: (() => void) | null): Promise<Result> {
    return this.then().finally(done);
  }

  /**
   * One report after the other; the work waits while its consumer works, and stops after `break`. Returns the result, which
   * awaiting the same work gives as well.
   *
   * @throws {ValueError} if it has begun already
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Report, Result, void> {
    if (this.#result) throw new ValueError(this.#begun);
    let wake: () => void = () => {};
    let pending: { report: Report; answer: (go: boolean) => void } | undefined;
    let over = false;
    const running = this.run((report) => {
      return new Promise<boolean>((answer) => {
        pending = { report, answer };
        wake();
      });
    });
    this.#result = running;
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
        yield (pending as { report: Report }).report;
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
