// Transformers as operators. A block is tensors side by side: texts cannot stand in one with numbers.

import type { Categories, Impute, MultiplyAdd, OneHot, Step, SubtractDivide } from '../steps.js';
import type { Operators } from './operators.js';

export interface Part {
  readonly name: string;
  readonly cols: number;
  readonly text: boolean;
}

/** What a block's columns are, and what they are called in warnings. */
export interface Block {
  readonly parts: readonly Part[];
  readonly labels: readonly string[];
}

/** All as numbers. */
export const numbersOf = (o: Operators, { parts }: Block): string => o.graph.beside(parts.map(({ name }) => name));

const whole = (name: string, labels: readonly string[]): Block => ({
  parts: [{ name, cols: labels.length, text: false }],
  labels,
});

/** One column, rows x 1. */
function columnOf(o: Operators, { parts }: Block, j: number): Part {
  let at = j;
  for (const part of parts) {
    if (at < part.cols)
      return part.cols === 1 ? part : { name: o.graph.columns(part.name, [at]), cols: 1, text: part.text };
    at -= part.cols;
  }
  throw new RangeError(`no column ${j}`);
}

export function subtractDivide(o: Operators, x: string, { subtract, divide }: SubtractDivide): string {
  const centred = subtract ? o.subtract(x, o.graph.floats(o.type, subtract)) : x;
  return divide ? o.divide(centred, o.graph.floats(o.type, divide)) : centred;
}

export function multiplyAdd(o: Operators, x: string, { multiply, add, range }: MultiplyAdd): string {
  const scaled = multiply ? o.multiply(x, o.graph.floats(o.type, multiply)) : x;
  const moved = add ? o.add(scaled, o.graph.floats(o.type, add)) : scaled;
  return range ? o.min(o.max(moved, range[0]), range[1]) : moved;
}

/** Whether each row has a gap: NaN among numbers, among texts an empty one, as ONNX has no other. */
function gapsIn(o: Operators, { name, text }: Part, label: string): string {
  if (!text) return o.of('IsNaN', name);
  const warning = `${label}: ONNX has no gaps among texts, so an empty text stands for one`;
  if (!o.graph.warnings.includes(warning)) o.graph.warnings.push(warning);
  return o.of('Equal', name, o.graph.texts([''], []));
}

function impute(o: Operators, block: Block, { fills, indicated }: Impute): Block {
  const parts: Part[] = [];
  const labels: string[] = [];
  fills.forEach((fill, j) => {
    if (fill === null) return;
    const column = columnOf(o, block, j);
    const value = column.text ? o.graph.texts([String(fill)], []) : o.graph.scalar(o.type, Number(fill));
    parts.push({ ...column, name: o.of('Where', gapsIn(o, column, block.labels[j]), value, column.name) });
    labels.push(block.labels[j]);
  });
  for (const j of indicated) {
    parts.push({ name: o.cast(gapsIn(o, columnOf(o, block, j), block.labels[j]), o.type), cols: 1, text: false });
    labels.push(block.labels[j]);
  }
  return { parts, labels };
}

/** Rows x categories: 1 where the column is that category. @param some their numbers, one or more */
function equal(
  o: Operators,
  column: Part,
  label: string,
  categories: Categories['categories'],
  some: readonly number[],
) {
  const { graph, type } = o;
  const parts: string[] = [];
  for (let from = 0; from < some.length; ) {
    if (categories[some[from]] === null) {
      parts.push(o.cast(gapsIn(o, column, label), type));
      from++;
      continue;
    }
    const gap = some.findIndex((i, at) => at > from && categories[i] === null);
    const end = gap < 0 ? some.length : gap;
    const values = some.slice(from, end).map((i) => categories[i]);
    const shape = [1, values.length];
    const list = column.text ? graph.texts(values.map(String), shape) : graph.floats(type, values.map(Number), shape);
    parts.push(o.cast(o.of('Equal', column.name, list), type));
    from = end;
  }
  return graph.beside(parts);
}

/** Ones in the places of a column's categories. Of all that share a place, one is the last. */
function onesOf(o: Operators, column: Part, label: string, feature: Categories): string {
  const { graph } = o;
  const { categories, places, width, unknown } = feature;
  if (unknown === -2) {
    graph.warnings.push(`${label}: a category that fit did not see is all zeros, where the model refuses it`);
  }
  const sum = (some: readonly number[]) =>
    graph.op('ReduceSum', [equal(o, column, label, categories, some), graph.integers([1])], { keepdims: 1 });
  const all = categories.map((_, i) => i);
  const last = all.filter((i) => places[i] === width - 1);
  const shared = last.length !== 1 || unknown === width - 1;
  const own = all.filter((i) => places[i] >= 0 && !(shared && places[i] === width - 1));
  own.sort((i, j) => places[i] - places[j]);
  const parts = own.length > 0 ? [equal(o, column, label, categories, own)] : [];
  if (!shared) return parts[0];
  // What is unknown is among them if it is none of the others, those that are left out among these.
  const others = all.filter((i) => places[i] !== width - 1);
  if (unknown < 0) parts.push(sum(last));
  else if (others.length === 0) parts.push(o.of('Add', sum(last), o.subtract(1, sum(last))));
  else parts.push(o.subtract(1, sum(others)));
  return graph.beside(parts);
}

function oneHot(o: Operators, block: Block, { features }: OneHot): Block {
  const parts = features.flatMap((feature, j): Part[] => {
    if (feature.width === 0) return [];
    const name = onesOf(o, columnOf(o, block, j), block.labels[j], feature);
    return [{ name, cols: feature.width, text: false }];
  });
  const labels = features.flatMap(({ width }, j) => new Array<string>(width).fill(block.labels[j]));
  return { parts, labels };
}

export function applyStep(o: Operators, block: Block, step: Step): Block {
  switch (step.form) {
    case 'subtractDivide':
      return whole(subtractDivide(o, numbersOf(o, block), step), block.labels);
    case 'multiplyAdd':
      return whole(multiplyAdd(o, numbersOf(o, block), step), block.labels);
    case 'impute':
      return impute(o, block, step);
    case 'oneHot':
      return oneHot(o, block, step);
    case 'columns': {
      const made = step.parts.map(({ columns, steps }) => {
        const start: Block = {
          parts: columns.map((j) => columnOf(o, block, j)),
          labels: columns.map((j) => block.labels[j]),
        };
        return steps.reduce((from, each) => applyStep(o, from, each), start);
      });
      return { parts: made.flatMap(({ parts }) => parts), labels: made.flatMap(({ labels }) => labels) };
    }
  }
}
