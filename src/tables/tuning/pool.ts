// Several tasks at once.

/**
 * Runs a task for each item, at most `jobs` of them at once, begun in order. The first that fails stops the others.
 *
 * @param signal ends all of them
 * @throws what the first task to fail throws, or the signal's reason, once all have ended
 */
export async function inPool<Item>(
  items: Iterable<Item>,
  jobs: number,
  signal: AbortSignal | undefined,
  task: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const source = items[Symbol.iterator]();
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    while (!either.aborted) {
      const { done, value } = source.next();
      if (done) return;
      try {
        await task(value, either);
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  signal?.throwIfAborted();
  if (failure) throw failure.error;
}
