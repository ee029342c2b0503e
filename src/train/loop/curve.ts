// Curves: a number for each step of something long, kept within bounds however long it lasts.

/** A curve has at most so many entries. */
export const CURVE_LIMIT = 16_384;

/** How many steps an entry of a curve over so many steps stands for: 1, and twice as many at each doubling beyond the limit. */
export function everyOf(steps: number): number {
  let every = 1;
  while (steps > CURVE_LIMIT * every) every *= 2;
  return every;
}

/**
 * Appends the value of step `step` (from 1) to a curve of the steps before it, in place. Up to CURVE_LIMIT every step has an
 * entry; beyond, every 2nd has, then every 4th, ...: entry i is that of step (i + 1) * every, and the last one always that
 * of the last step. A step costs the same, however many there were.
 *
 * @returns every: 1 up to step 16,384, 2 up to 32,768, ...
 */
export function appendCurve(curve: number[], value: number, step: number): number {
  const every = everyOf(step);
  if (every > everyOf(step - 1)) {
    const kept = curve.length >> 1;
    for (let i = 0; i < kept; i++) curve[i] = curve[2 * i + 1];
    curve.length = kept;
  }
  // An entry between two multiples was only there because it was the last.
  if ((step - 1) % every !== 0) curve[curve.length - 1] = value;
  else curve.push(value);
  return every;
}

/**
 * Appends a whole curve over `more.steps` steps to one over `before` steps, in place: for what goes on where something else
 * ended. Where one of them leaves steps out, the next one that it has stands for them.
 *
 * @returns the steps in all
 */
export function extendCurve(curve: number[], before: number, more: readonly number[], steps: number): number {
  if (more.length === steps) {
    more.forEach((value, i) => void appendCurve(curve, value, before + i + 1));
    return before + steps;
  }
  const whole = before + steps;
  const every = everyOf(whole);
  const [each, eachMore] = [everyOf(before), everyOf(steps)];
  const at = (step: number) =>
    step <= before
      ? curve[Math.min(curve.length, Math.ceil(step / each)) - 1]
      : more[Math.min(more.length, Math.ceil((step - before) / eachMore)) - 1];
  const entries = Array.from({ length: Math.ceil(whole / every) }, (_, i) => at(Math.min(whole, (i + 1) * every)));
  curve.length = 0;
  for (const entry of entries) curve.push(entry);
  return whole;
}
