// What a set is to the program: cases that it runs one by one.

import type { Effort } from './measure.js';
import type { Peaks } from './peak.js';
import type { About, Result } from './result.js';
import type { Target } from './targets.js';

export interface Context {
  effort: Effort;
  smoke: boolean;
  /** The most threads that anything is to have. */
  threads: number;
  /** The 128-bit limit of this core; measured when it is first asked for. */
  peaks(): Peaks;
}

export interface Case extends Pick<About, 'name' | 'dtype' | 'mode'> {
  run(): Result | Promise<Result>;
}

export interface OpenSet {
  /** Stands above its results. */
  title: string;
  cases: Case[];
  targets?(results: ReadonlyMap<string, Result>): Target[] | Promise<Target[]>;
  /** What is printed below the results. */
  summary?(results: ReadonlyMap<string, Result>): string;
  /** What took part, and why what did not; asked for in the end. */
  versions?(): Record<string, string>;
  dispose?(): void;
}

export interface BenchSet {
  /** Its line in --help. */
  what: string;
  /** Whether it needs the packages of bench/peers. */
  peers?: boolean;
  open(context: Context): Promise<OpenSet>;
}
