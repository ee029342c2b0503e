// The candidates of a search, numbered before anything runs: the same on every machine, so that each can take its part of them.

import { type RandomState, random, ValueError } from '../../index.js';
import { type Candidate, rangeOf, type TuningSpace } from './space.js';

/** Combinations that are written out; trials at most. */
export const MOST_TRIALS = 100_000;
/** Draws in a row that brought nothing new, after which there is no more to come. */
const VAIN = 1000;

type Entry = readonly [name: string, values: unknown];

/** lbfgs takes all rows at once, and finds its own steps: what it has no use for is left out. */
function tidied(candidate: Candidate): Candidate {
  if (candidate.solver !== 'lbfgs') return candidate;
  const { learningRate: _rate, batchSize: _rows, ...rest } = candidate;
  return rest;
}

/** Each once, in the order of the first. */
class Distinct {
  readonly list: Candidate[] = [];
  readonly #seen = new Set<string>();

  /** Whether it is a new one. */
  add(candidate: Candidate): boolean {
    const tidy = tidied(candidate);
    const key = JSON.stringify(tidy);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.list.push(tidy);
    return true;
  }
}

/** Combinations of lists; Infinity if there is a range. */
const countOf = (entries: readonly Entry[]): number =>
  entries.reduce((product, [, values]) => product * (Array.isArray(values) ? values.length : Infinity), 1);

/** Every combination, the last parameter's values the fastest. */
function combinations(entries: readonly Entry[], count: number): Candidate[] {
  const distinct = new Distinct();
  for (let i = 0; i < count; i++) {
    let rest = i;
    const chosen = entries.map(() => 0);
    for (let j = entries.length - 1; j >= 0; j--) {
      const { length } = entries[j][1] as unknown[];
      chosen[j] = rest % length;
      rest = Math.floor(rest / length);
    }
    distinct.add(Object.fromEntries(entries.map(([name, values], j) => [name, (values as unknown[])[chosen[j]]])));
  }
  return distinct.list;
}

/**
 * To three digits: short enough for a command line, and the same wherever Math.exp and Math.log differ in their last bit.
 */
function rounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(3))));
}

function draw(values: unknown, rng: RandomState): unknown {
  const range = rangeOf(values);
  const u = rng.rand();
  if (!range) return (values as unknown[])[Math.floor(u * (values as unknown[]).length)];
  const [kind, low, high] = range;
  if (kind === 'integers') return low + Math.floor(u * (high - low + 1));
  if (kind === 'uniform') return rounded(low + u * (high - low), low, high);
  return rounded(Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))), low, high);
}

/**
 * All combinations; or so many, drawn: fewer only where the space has no more. None comes twice.
 *
 * @throws {ValueError} naming what is too much, or a range in a grid
 */
export function candidatesOf(space: TuningSpace, mode: 'random' | 'grid', trials: number, seed: number): Candidate[] {
  const entries = Object.entries(space) as Entry[];
  const count = countOf(entries);
  if (mode === 'grid') {
    const range = entries.find(([, values]) => !Array.isArray(values));
    if (range) throw new ValueError(`"space": "${range[0]}" is a range, of which a grid needs values`);
    if (count > MOST_TRIALS) {
      throw new ValueError(
        `"space" has ${count} combinations, more than ${MOST_TRIALS}: take fewer values, or draw some`,
      );
    }
    return combinations(entries, count);
  }
  const rng = random(seed);
  if (count <= MOST_TRIALS) return rng.permutation(combinations(entries, count)).slice(0, trials);
  const distinct = new Distinct();
  for (let vain = 0; distinct.list.length < trials && vain < VAIN; ) {
    vain = distinct.add(Object.fromEntries(entries.map(([name, values]) => [name, draw(values, rng)]))) ? 0 : vain + 1;
  }
  return distinct.list;
}
