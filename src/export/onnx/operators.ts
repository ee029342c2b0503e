// Operators over numbers of one type, as formulas are written.

import type { Float, Graph } from './graph.js';
import { TYPES } from './protobuf.js';

export interface Operators {
  readonly graph: Graph;
  readonly type: Float;
  /** Names of numbers stay as they are, numbers become constants. */
  add(a: string, b: string | number): string;
  subtract(a: string | number, b: string | number): string;
  multiply(a: string, b: string | number): string;
  divide(a: string | number, b: string | number): string;
  max(a: string, b: number): string;
  min(a: string, b: number): string;
  /** `below` where z <= 0, else `above`. */
  select(z: string, below: string, above: string): string;
  of(operator: string, ...inputs: string[]): string;
  /** The same numbers in another type. */
  cast(x: string, to: keyof typeof TYPES): string;
}

export function operatorsOf(graph: Graph, type: Float): Operators {
  const named = (x: string | number) => (typeof x === 'number' ? graph.scalar(type, x) : x);
  const two = (operator: string) => (a: string | number, b: string | number) =>
    graph.op(operator, [named(a), named(b)]);
  return {
    graph,
    type,
    add: two('Add'),
    subtract: two('Sub'),
    multiply: two('Mul'),
    divide: two('Div'),
    max: two('Max'),
    min: two('Min'),
    select: (z, below, above) => graph.op('Where', [graph.op('LessOrEqual', [z, named(0)]), below, above]),
    of: (operator, ...inputs) => graph.op(operator, inputs),
    cast: (x, to) => graph.op('Cast', [x], { to: TYPES[to] }),
  };
}
