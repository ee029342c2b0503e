// What a case is, and how one that compares the two backends is made.

import { type Dtype, type Engine, Matrix, type ResidentMatrix, random } from 'bitgrad';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import type { Subject } from './measure.js';

/** Where the operands lie: in linear memory, in the caller's typed arrays, or in plain arrays. */
export type Mode = 'resident' | 'copying' | 'plain arrays' | '';

export interface Case {
  name: string;
  dtype: Dtype;
  mode: Mode;
  /** What the figures are given in, and how much of it a run does: operations, elements, rows or calls. */
  unit: 'GFLOP/s' | 'ns/element' | 'ns/row' | 'ns/call' | 'ms';
  amount: number;
  /** Multiplications and additions of the products in a run, where the share of the limit is of interest. */
  flops?: number;
  subjects(): Subject[];
}

export interface Result extends Omit<Case, 'subjects'> {
  /** Median milliseconds of a run by subject. */
  ms: Record<string, number>;
  /** Share of the 128-bit limit that the wasm backend reached in this case's own rounds. */
  share?: number;
}

export const keyOf = ({ name, dtype, mode }: Pick<Case, 'name' | 'dtype' | 'mode'>) =>
  [name, dtype, mode].filter(Boolean).join(' ');

/** A time in the case's unit. */
export function figure({ unit, amount }: Pick<Case, 'unit' | 'amount'>, ms: number): number {
  if (unit === 'GFLOP/s') return amount / ms / 1e6;
  return unit === 'ms' ? ms : (ms * 1e6) / amount;
}

/** A matrix of the case's dtype in the case's place, uniform in -scale to scale. */
export type Operand = (rows: number, cols: number, scale?: number) => Matrix;

/** Random numbers from -1 to 1, shared by all cases; an operand starts in it where the previous one ended. */
let pool: Float64Array | undefined;

function numbers(count: number, from: number, scale: number): Float64Array {
  pool ??= random(1)
    .rand(1_000_003)
    .map((x) => 2 * x - 1);
  const values = new Float64Array(count);
  for (let i = 0, at = from % pool.length; i < count; i++) {
    values[i] = pool[at] * scale;
    at = at + 1 === pool.length ? 0 : at + 1;
  }
  return values;
}

type Spec = Omit<Case, 'subjects' | 'mode'> & {
  modes?: ('resident' | 'copying')[];
  /** Makes the operands and returns the call; without operands of its own in linear memory a call returns a copy. */
  prepare(engine: Engine, operand: Operand, resident: boolean): () => unknown;
};

function subject(engine: Engine, { dtype, prepare }: Spec, resident: boolean): Subject {
  const made: ResidentMatrix[] = [];
  let used = 0;
  const operand: Operand = (rows, cols, scale = 1) => {
    const source = Matrix.from(numbers(rows * cols, used, scale), [rows, cols], { dtype });
    used += rows * cols;
    if (!resident) return source;
    const matrix = engine.matrix(source);
    made.push(matrix);
    return matrix;
  };
  const dispose = () => {
    for (const matrix of made) matrix.dispose();
  };
  return { name: engine.backend, run: prepare(engine, operand, resident), dispose };
}

/** The case in each mode (default: resident alone). */
export function compare(spec: Spec): Case[] {
  return (spec.modes ?? ['resident']).map((mode) => ({
    ...spec,
    mode,
    subjects: () => [wasm.engine, ts.engine].map((engine) => subject(engine, spec, mode === 'resident')),
  }));
}
