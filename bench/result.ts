// What is measured and what came of it: the one form that tables, targets, charts and JSON are made of.

import type { Dtype } from 'bitgrad';

/** Where the operands lie: in linear memory, in the caller's typed arrays, or in plain arrays. */
export type Mode = 'resident' | 'copying' | 'plain arrays' | '';

export interface About {
  name: string;
  /** '' where it is no matter of one. */
  dtype: Dtype | '';
  mode: Mode;
  /** What the figures are given in, and how much of it a run does: operations, elements, rows or calls. `time`: in what fits. */
  unit: 'GFLOP/s' | 'ns/element' | 'ns/row' | 'ns/call' | 'ms' | 'time';
  amount: number;
  /** Multiplications and additions of the products in a run, where the share of the limit is of interest. */
  flops?: number;
  /** Bytes of the operands that a run reads or writes. */
  bytes?: number;
}

/** One subject's line where subjects are more than a backend. */
export interface Row {
  subject: string;
  ms?: number;
  /** Why there is no figure. */
  reason?: string;
  /** It failed, where others just have no means for such work. */
  failed?: boolean;
  /** What it does otherwise, or what else it reached. */
  note?: string;
  /** The largest relative error of its results. */
  error?: number;
}

export interface Result extends About {
  /** Median milliseconds of a run by subject. */
  ms: Record<string, number>;
  /** Share of the 128-bit limit that bitgrad in WebAssembly reached in this case's own rounds. */
  share?: number;
  rows?: Row[];
  /** Figures that are no times. */
  figures?: Record<string, number>;
}

export const keyOf = ({ name, dtype, mode }: Pick<About, 'name' | 'dtype' | 'mode'>) =>
  [name, dtype, mode].filter(Boolean).join(' ');

const UNITS: [unit: string, perMs: number][] = [
  ['s', 1e-3],
  ['ms', 1],
  ['µs', 1e3],
  ['ns', 1e6],
];

/** Three digits in the unit that fits. */
export function showTime(ms: number): string {
  const [unit, factor] = UNITS.find(([, perMs]) => ms * perMs >= 1) ?? UNITS[3];
  const value = ms * factor;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

const digits = (value: number) => value.toFixed(value < 10 ? 2 : value < 1000 ? 1 : 0);

/** A time in the case's unit; the unit is left out, but where it is whichever fits. */
export function show({ unit, amount }: Pick<About, 'unit' | 'amount'>, ms: number): string {
  if (unit === 'time') return showTime(ms);
  if (unit === 'GFLOP/s') return digits(amount / ms / 1e6);
  return digits(unit === 'ms' ? ms : (ms * 1e6) / amount);
}
