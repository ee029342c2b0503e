// Work in slices.

/** Work that yields wherever others may have their turn. */
export type Sliced<T> = Generator<void, T, void>;

/** All of it at once. */
export function whole<T>(work: Sliced<T>): T {
  while (true) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
