/** The place of the greatest of `count` numbers from `from` on, the first of equal ones; from 0. */
export function argmax(numbers: ArrayLike<number>, from: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (numbers[from + j] > numbers[from + best]) best = j;
  return best;
}
