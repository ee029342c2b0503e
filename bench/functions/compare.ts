// How a case is made that compares the two backends at the same call.

import { type Dtype, type Engine, Matrix, type ResidentMatrix, random } from 'bitgrad';
import * as ts from 'bitgrad/ts';
import * as wasm from 'bitgrad/wasm';
import type { Comparison } from '../comparison.js';
import type { Subject } from '../measure.js';

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

type Spec = Omit<Comparison, 'subjects' | 'mode' | 'dtype'> & {
  dtype: Dtype;
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
export function backends(spec: Spec): Comparison[] {
  return (spec.modes ?? ['resident']).map((mode) => ({
    ...spec,
    mode,
    subjects: () => [wasm.engine, ts.engine].map((engine) => subject(engine, spec, mode === 'resident')),
  }));
}
