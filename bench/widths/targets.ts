// What trainings of small networks are to reach against others, at every width.

import { keyOf, type Result } from '../result.js';
import { check, type Spec, speed, type Target, times } from '../targets.js';
import { caseOf, WIDTHS } from './task.js';

const key = (width: number) => keyOf({ name: caseOf(width, 1).name, dtype: 'f32', mode: '' });
const OURS = 'bitgrad';
/** The faster of PyTorch's, whatever its threads. */
const TORCH = 'PyTorch';

const against = (width: number, library: string, bound: number): Spec => ({
  key: key(width),
  take({ ms }) {
    const all = Object.entries(ms).flatMap(([subject, time]) => (subject.startsWith(library) ? time : []));
    return all.length > 0 ? Math.min(...all) / ms[OURS] : undefined;
  },
  bound,
  show: times,
  of: `${OURS} against ${library}`,
});

const SPECS: Spec[] = WIDTHS.filter((width) => width <= 128).flatMap((width) => [
  against(width, TORCH, width <= 64 ? 4 : 1),
  ...['tfjs wasm', 'jax-js', 'numpy-ts'].map((other) => speed(key(width), OURS, other, 1)),
]);

/** No cliff: operations a second do not fall from one width to the next. */
function steady(results: ReadonlyMap<string, Result>): Target[] {
  const rates = WIDTHS.map((width) => {
    const result = results.get(key(width));
    return result?.flops && result.ms[OURS] ? result.flops / result.ms[OURS] : undefined;
  });
  return WIDTHS.slice(1).map((width, i) => {
    const [before, rate] = [rates[i], rates[i + 1]];
    const ratio = before && rate ? rate / before : undefined;
    const figure = ratio === undefined ? 'not measured' : times(ratio);
    const met = ratio === undefined ? undefined : ratio >= 0.95;
    return { what: key(width), wanted: `at least 0.95x the rate at ${WIDTHS[i]}`, figure, met };
  });
}

export const targets = (results: ReadonlyMap<string, Result>): Target[] => [
  ...SPECS.map((spec) => check(spec, results)),
  ...steady(results),
];
